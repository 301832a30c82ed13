using System.Globalization;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A reference that cannot be used.</summary>
/// <param name="Reason">Reason of ResolvedRefs=False.</param>
/// <param name="Message">What is missing and who must act.</param>
internal sealed record ReferenceProblem(string Reason, string Message);

/// <summary>
/// Resolves references to backends (https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference). Across tenants the
/// grant is asked first, so that no answer tells whether a hidden object exists.
/// </summary>
internal static class ReferenceResolver
{
    /// <summary>Resolves a reference of an HTTP rule.</summary>
    public static (BackendTarget? Target, ReferenceProblem? Problem) Resolve(BackendObjectReference reference, ResourceKey from, Reads reads)
    {
        if (KindsOf(reference) is not { } kinds)
            return (null, new ReferenceProblem(Reasons.InvalidKind, $"backendRef `{reference.Name}` names {GroupText(reference)}{reference.Kind}: use Backend ({ResourceKind.GatehouseGroup}) or Service"));
        var tenant = reference.Namespace ?? from.Tenant;
        var visible = kinds.Where(kind => tenant == from.Tenant || reads.Permits(from, new ResourceKey(kind, tenant, reference.Name))).ToArray();
        if (visible.Length == 0)
            return (null, new ReferenceProblem(Reasons.RefNotPermitted, $"no ReferenceGrant in tenant `{tenant}` lets {from.Kind} of tenant `{from.Tenant}` reference {kinds[0]} `{reference.Name}`"));
        foreach (var kind in visible)
        {
            if (reads.Backend(kind, tenant, reference.Name) is { } backend)
                return kind == ResourceKind.Service ? ServiceReference.Use(backend, reference.Port, from) : Use(backend, reference.Port);
        }
        return (null, new ReferenceProblem(Reasons.BackendNotFound, $"tenant `{tenant}` has no {string.Join(" or ", visible)} `{reference.Name}`"));
    }

    // Without kind: the Backend of that name, else the Service. An absent group goes with any of our kinds.
    private static string[]? KindsOf(BackendObjectReference reference) => (reference.Kind, reference.Group) switch
    {
        (null, null or "") => [ResourceKind.Backend, ResourceKind.Service],
        (null or ResourceKind.Backend, ResourceKind.GatehouseGroup) or (ResourceKind.Backend, null) => [ResourceKind.Backend],
        (ResourceKind.Service, null or "") => [ResourceKind.Service],
        _ => null,
    };

    private static string GroupText(BackendObjectReference reference) => string.IsNullOrEmpty(reference.Group) ? "" : $"{reference.Group}/";

    private static (BackendTarget? Target, ReferenceProblem? Problem) Use(BackendModel backend, int? port)
    {
        var name = $"Backend `{backend.Key.Name}` of tenant `{backend.Key.Tenant}`";
        if (backend.Problem is { } problem)
            return (null, new ReferenceProblem(problem.Reason == Reasons.Invalid ? Reasons.BackendNotFound : problem.Reason, $"{name} cannot be used: {problem.Message}"));
        if (backend.Protocol is "tcp" or "tls" or "udp")
            return (null, new ReferenceProblem(Reasons.UnsupportedProtocol, $"{name} speaks {backend.Protocol}, which an HTTPRoute cannot send to"));
        var key = $"{backend.Key.Tenant}/{backend.Key.Kind}/{backend.Key.Name}";
        if (port is { } wanted && backend.Ports.TryGetValue(wanted, out var mapped))
            return (new BackendTarget($"{key}:{wanted.ToString(CultureInfo.InvariantCulture)}", backend.Key, mapped), null);
        if (backend.EndpointPorts.Contains(0))
            return (null, new ReferenceProblem(Reasons.BackendNotFound, $"{name} has endpoints without port: name a port that its ports map"));
        if (port is null || backend.EndpointPorts.All(endpoint => endpoint == port))
            return (new BackendTarget(key, backend.Key, null), null);
        return (null, new ReferenceProblem(Reasons.BackendNotFound, $"{name} has no port {port}: map it in spec.ports, or leave the port out"));
    }
}
