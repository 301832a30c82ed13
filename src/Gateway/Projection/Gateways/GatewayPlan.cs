using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Materials;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Gateways;

/// <summary>Where the objects of a Gateway go.</summary>
/// <param name="Gateway">The Gateway.</param>
/// <param name="Target">Where its class runs.</param>
/// <param name="Version"><c>group/version</c> of Gateways there.</param>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name of the first shard.</param>
/// <param name="Tenant">Tenant whose Namespace it is, or the platform.</param>
internal sealed record GatewayPlan(ResolvedGateway Gateway, GatewayClassTarget Target, string Version, string Namespace, string Name, string Tenant)
{
    public ProjectedId IdOf(int shard) => new(Version, ResourceKind.Gateway, Namespace, ProjectedNames.ShardOf(Name, shard));

    /// <summary>A draft of an object of the class.</summary>
    /// <param name="run">Projection.</param>
    /// <param name="id">Its identity.</param>
    /// <param name="source">The stored object.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="issues">Whether cert-manager issues for it.</param>
    public ObjectDraft Draft(ProjectionRun run, ProjectedId id, Resource source, string tenant, bool issues) => new()
    {
        Id = id,
        Source = source.Key,
        SourceGeneration = source.Generation,
        Tenant = tenant,
        RepairsDrift = run.RepairsDrift(source, Target),
        Annotations = CertManager.Annotate(Target.Annotations?.Gateways ?? new Dictionary<string, string>(), issues ? Target.CertManager : null),
        Content = [],
    };
}

/// <summary>Writes the spec of a Gateway.</summary>
internal static class GatewaySpecWriter
{
    public static JsonObject Write(GatewayPlan plan, JsonArray listeners, IReadOnlySet<string> admitted, ProjectionRun run, MaterialProjection materials)
    {
        var written = plan.Gateway.Gateway.Spec;
        var spec = new JsonObject { ["gatewayClassName"] = plan.Target.GatewayClassName, ["listeners"] = listeners };
        if (written.Addresses is { Count: > 0 } addresses)
        {
            spec["addresses"] = new JsonArray([.. addresses.Select(static address =>
            {
                var node = new JsonObject { ["type"] = address.Type ?? "IPAddress" };
                if (!string.IsNullOrEmpty(address.Value))
                    node["value"] = address.Value;
                return node;
            })]);
        }
        if (written.Infrastructure is { } infrastructure && InfrastructureOf(infrastructure, plan.Gateway.Key, run) is { Count: > 0 } node)
            spec["infrastructure"] = node;
        if (admitted.Count > 0)
            spec["allowedListeners"] = new JsonObject { ["namespaces"] = NamespaceMap.Select(admitted) };
        if (TlsOf(plan, run, materials) is { } tls)
            spec["tls"] = tls;
        return spec;
    }

    private static JsonObject InfrastructureOf(GatewayInfrastructure infrastructure, ResourceKey gateway, ProjectionRun run)
    {
        var node = (JsonObject)ObjectWriter.Node(infrastructure);
        foreach (var field in new[] { "annotations", "parametersRef" })
        {
            if (node.ContainsKey(field) && !run.AdmitsVendorSettings(gateway, $"infrastructure.{field}"))
                node.Remove(field);
        }
        return node;
    }

    // https://gateway-api.sigs.k8s.io/reference/spec/#gatewaytlsconfig
    private static JsonObject? TlsOf(GatewayPlan plan, ProjectionRun run, MaterialProjection materials)
    {
        if (plan.Gateway.Gateway.Spec.Tls is not { } written)
            return null;
        var tls = new JsonObject();
        if (plan.Gateway.Model.BackendClientCertificate is { } certificate
            && materials.SecretReference(certificate, ResourceKind.Gateway, plan.Namespace, plan.Gateway.Key) is { } shown)
        {
            tls["backend"] = new JsonObject { ["clientCertificateRef"] = shown };
        }
        if (written.Frontend is { } frontend)
        {
            var node = new JsonObject { ["default"] = ConfigOf(frontend.Default.Validation, plan, run, materials) };
            if (frontend.PerPort is { Count: > 0 } perPort)
            {
                node["perPort"] = new JsonArray([.. perPort.Select(entry => new JsonObject
                {
                    ["port"] = ListenerWriter.PortOf(entry.Port, plan.Target),
                    ["tls"] = ConfigOf(entry.Tls.Validation, plan, run, materials),
                })]);
            }
            tls["frontend"] = node;
        }
        return tls.Count == 0 ? null : tls;
    }

    private static JsonObject ConfigOf(FrontendTlsValidation? validation, GatewayPlan plan, ProjectionRun run, MaterialProjection materials)
    {
        if (validation is null)
            return [];
        var references = new JsonArray();
        foreach (var reference in validation.CaCertificateRefs)
        {
            var tenant = reference.Namespace ?? plan.Gateway.Key.Tenant;
            if (tenant != plan.Gateway.Key.Tenant)
            {
                run.Report(plan.Gateway.Key, ProblemSeverity.Refused, ProjectionReasons.NotExpressible,
                    $"tls.frontend names authorities of another tenant, which cluster `{run.Cluster.Name}` is not given: copy the ConfigMap into tenant `{plan.Gateway.Key.Tenant}`.");
                continue;
            }
            references.Add((JsonNode)materials.AuthoritiesReference(new ResourceKey(ResourceKind.ConfigMap, tenant, reference.Name), ResourceKind.Gateway, plan.Namespace, plan.Gateway.Key));
        }
        return new JsonObject { ["validation"] = new JsonObject { ["caCertificateRefs"] = references, ["mode"] = validation.Mode ?? "AllowValidOnly" } };
    }
}
