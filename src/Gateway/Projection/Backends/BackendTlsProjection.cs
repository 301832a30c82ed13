using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Materials;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Backends;

/// <summary>
/// BackendTLSPolicies: those that tenants wrote, and one for each Backend whose own <c>spec.tls</c> or protocol asks for TLS
/// (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicy).
/// </summary>
internal sealed class BackendTlsProjection(ProjectionRun run, MaterialProjection materials)
{
    private readonly HashSet<ResourceKey> _barred = [];

    /// <summary>Adds what a Backend itself says of TLS.</summary>
    /// <returns>Whether the Backend may be sent to: without its TLS it may not.</returns>
    public bool Add(ResolvedBackend backend)
    {
        var spec = backend.Backend.Spec;
        if (backend.Model.Problem is not null)
            return false;
        if (!backend.Model.HasOwnTls && backend.Model.Policies.For("") is { } policy)
            return !run.IsRefused(policy.Key);
        if (spec.Tls is null && spec.Protocol is not ("https" or "tls"))
            return true;
        if (spec.Tls?.ClientCertificateRef is not null)
        {
            run.Report(backend.Key, ProblemSeverity.Refused, ProjectionReasons.NotExpressible,
                $"Cluster `{run.Cluster.Name}` cannot show a client certificate to single Backends, so nothing is sent there: set tls.backend.clientCertificateRef of the Gateway instead.");
            return false;
        }
        if ((spec.Tls?.Hostname ?? NameOf(spec)) is not { } hostname)
        {
            run.Report(backend.Key, ProblemSeverity.Refused, ProjectionReasons.NotExpressible,
                $"Cluster `{run.Cluster.Name}` must know whom the certificate names: set tls.hostname of the Backend. Until then nothing is sent there.");
            return false;
        }
        var validation = new JsonObject();
        if (spec.Tls?.CaCertificateRefs is { Count: > 0 } references)
            validation["caCertificateRefs"] = AuthoritiesOf(references, backend.Key);
        else
            validation["wellKnownCACertificates"] = "System";
        validation["hostname"] = hostname;
        if (spec.Tls?.SubjectAltNames is { Count: > 0 } names)
            validation["subjectAltNames"] = ObjectWriter.Node(names);
        var target = new JsonObject { ["group"] = "", ["kind"] = ResourceKind.Service, ["name"] = ProjectedNames.ServiceOf(backend.Key.Name) };
        return Add(backend.Resource, ProjectedNames.PolicyOf(backend.Key.Name), new JsonArray(target), validation);
    }

    /// <summary>Adds the policies that tenants wrote for what the cluster's routes send to.</summary>
    public void AddPolicies()
    {
        foreach (var policy in run.All<ResolvedPolicy>())
        {
            var targets = TargetsOf(policy);
            if (targets.Count == 0)
                continue;
            run.Concerns(policy.Resource);
            Add(policy, targets);
            if (run.IsRefused(policy.Key))
                _barred.UnionWith(policy.Model.Targets.Select(static target => target.Object));
        }
    }

    private void Add(ResolvedPolicy policy, JsonArray targets)
    {
        if (!run.Namespaces.Admits(policy.Key.Tenant, policy.Key))
            return;
        var written = policy.Policy.Spec.Validation;
        var validation = new JsonObject();
        if (written.CaCertificateRefs is { Count: > 0 } references)
            validation["caCertificateRefs"] = AuthoritiesOf(references, policy.Key);
        if (written.WellKnownCaCertificates is { } wellKnown)
            validation["wellKnownCACertificates"] = wellKnown;
        validation["hostname"] = written.Hostname;
        if (written.SubjectAltNames is { Count: > 0 } names)
            validation["subjectAltNames"] = ObjectWriter.Node(names);
        Add(policy.Resource, policy.Key.Name, targets, validation, policy.Policy.Spec.Options);
    }

    /// <summary>Whether a policy asks for TLS to a Service that the cluster cannot be told of: nothing may be sent there.</summary>
    public bool Bars(ResourceKey service) => _barred.Contains(service);

    private bool Add(Resource source, string name, JsonArray targets, JsonObject validation, IReadOnlyDictionary<string, string>? options = null)
    {
        if (run.VersionOf(ResourceKind.BackendTlsPolicy, source.Key) is not { } version)
            return false;
        var spec = new JsonObject { ["targetRefs"] = targets, ["validation"] = validation };
        if (options is { Count: > 0 } && run.AdmitsVendorSettings(source.Key, "options"))
            spec["options"] = ObjectWriter.Map(options.OrderBy(static option => option.Key, StringComparer.Ordinal));
        run.Fields.Prune(ResourceKind.BackendTlsPolicy, spec, "spec", source.Key);
        return !run.IsRefused(source.Key) && run.Add(new ObjectDraft
        {
            Id = new ProjectedId(version, ResourceKind.BackendTlsPolicy, run.Namespaces.Of(source.Key.Tenant), name),
            Source = source.Key,
            SourceGeneration = source.Generation,
            Tenant = source.Key.Tenant,
            RepairsDrift = run.RepairsDrift(source),
            Content = [("spec", spec)],
        });
    }

    private JsonArray TargetsOf(ResolvedPolicy policy)
    {
        var targets = new JsonArray();
        foreach (var target in policy.Policy.Spec.TargetRefs)
        {
            var key = new ResourceKey(target.Kind, policy.Key.Tenant, target.Name);
            var isBackend = target is { Kind: ResourceKind.Backend, Group: ResourceKind.GatehouseGroup };
            if (isBackend ? !IsUsed(key) : target is not { Kind: ResourceKind.Service, Group: "" } || !run.UsesService(key))
                continue;
            var node = new JsonObject { ["group"] = "", ["kind"] = ResourceKind.Service, ["name"] = isBackend ? ProjectedNames.ServiceOf(target.Name) : target.Name };
            if (target.SectionName is { } section && !isBackend)
                node["sectionName"] = section;
            targets.Add((JsonNode)node);
        }
        return targets;
    }

    private bool IsUsed(ResourceKey backend) => run.Find<ResolvedBackend>(backend) is { } found && found.Uses.Any(use => use.Pool == run.Pool);

    private JsonArray AuthoritiesOf(IReadOnlyList<LocalObjectReference> references, ResourceKey source) =>
        new([.. references.Select(reference => materials.AuthoritiesReference(new ResourceKey(ResourceKind.ConfigMap, source.Tenant, reference.Name), ResourceKind.BackendTlsPolicy, run.Namespaces.Of(source.Tenant), source))]);

    // Without a name of its own, TLS is about the name that is connected to.
    private static string? NameOf(BackendSpec spec) =>
        spec.Endpoints.Select(static endpoint => endpoint.Address).Distinct().ToArray() is [var only] && !IpText.TryParse(only, out _) ? only : null;
}
