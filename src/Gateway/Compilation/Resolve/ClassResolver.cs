using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves GatewayClasses (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass).</summary>
internal static class ClassResolver
{
    private const string DefaultPool = "default";

    public static ClassModel Resolve(Resource<GatewayClassSpec> resource, Reads reads)
    {
        var spec = resource.Spec;
        var pool = PoolOf(spec.Target);
        return new ClassModel
        {
            Accepted = AcceptedOf(spec, pool, reads),
            Pool = pool,
            IsDedicated = spec.Target is { Type: Kubernetes, Placement: "Dedicated" },
            IssuesInCluster = spec.Target is { Type: Kubernetes, CertManager: not null },
            TenantPorts = [.. (spec.TenantGateways?.Ports ?? []).Order()],
            TenantAddresses = [.. spec.TenantGateways?.Addresses ?? []],
        };
    }

    private const string Kubernetes = "Kubernetes";

    private static string PoolOf(GatewayClassTarget? target) => target switch
    {
        { Type: Kubernetes, Cluster: { Length: > 0 } cluster } => ClusterPool.NameOf(cluster),
        { Pool: { Length: > 0 } pool } => pool,
        _ => DefaultPool,
    };

    private static Verdict? AcceptedOf(GatewayClassSpec spec, string pool, Reads reads)
    {
        // "controllerName … the name of the controller that is managing Gateways of this class": others' we leave alone.
        if (spec.ControllerName != ResourceKind.ControllerName)
            return null;
        if (spec.ParametersRef is { } parameters)
            return Verdict.False(Reasons.Accepted, Reasons.InvalidParameters, $"parametersRef names a {parameters.Kind}, which this controller does not read: remove it.");
        return spec.Target is { Type: Kubernetes } target ? AcceptedOf(target, reads) : (spec.Target?.Type ?? "DataPlane") == "DataPlane"
            ? Verdict.True(Reasons.Accepted, Reasons.Accepted, $"Served by the data planes of pool `{pool}`.")
            : Verdict.False(Reasons.Accepted, Reasons.Unsupported, $"target.type `{spec.Target!.Type}` is not served here: use DataPlane or Kubernetes.");
    }

    private static Verdict AcceptedOf(GatewayClassTarget target, Reads reads)
    {
        if (target is not { Cluster: { Length: > 0 } cluster, GatewayClassName: { Length: > 0 } name })
            return Verdict.False(Reasons.Accepted, Reasons.InvalidParameters, "target.cluster and target.gatewayClassName say where Gateways of the class run: a platform admin must set both.");
        return reads.HasCluster(cluster)
            ? Verdict.True(Reasons.Accepted, Reasons.Accepted, $"Served by GatewayClass `{name}` of cluster `{cluster}`.")
            : Verdict.False(Reasons.Accepted, Reasons.InvalidParameters, $"Cluster `{cluster}` does not exist: a platform admin must create it, or name another in target.cluster.");
    }
}
