using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves GatewayClasses (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass).</summary>
internal static class ClassResolver
{
    private const string DefaultPool = "default";

    public static ClassModel Resolve(Resource<GatewayClassSpec> resource)
    {
        var spec = resource.Spec;
        var pool = spec.Target?.Pool is { Length: > 0 } named ? named : DefaultPool;
        return new ClassModel
        {
            Accepted = AcceptedOf(spec, pool),
            Pool = pool,
            TenantPorts = [.. (spec.TenantGateways?.Ports ?? []).Order()],
            TenantAddresses = [.. spec.TenantGateways?.Addresses ?? []],
        };
    }

    private static Verdict? AcceptedOf(GatewayClassSpec spec, string pool)
    {
        // "controllerName … the name of the controller that is managing Gateways of this class": others' we leave alone.
        if (spec.ControllerName != ResourceKind.ControllerName)
            return null;
        if (spec.ParametersRef is { } parameters)
            return Verdict.False(Reasons.Accepted, Reasons.InvalidParameters, $"parametersRef names a {parameters.Kind}, which this controller does not read: remove it.");
        if ((spec.Target?.Type ?? "DataPlane") != "DataPlane")
            return Verdict.False(Reasons.Accepted, Reasons.Unsupported, $"target.type `{spec.Target!.Type}` is not served here: use DataPlane.");
        return Verdict.True(Reasons.Accepted, Reasons.Accepted, $"Served by the data planes of pool `{pool}`.");
    }
}
