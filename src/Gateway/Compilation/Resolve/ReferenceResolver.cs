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
    /// <summary>Resolves a reference of a rule.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="from">The route, which grants are asked for.</param>
    /// <param name="speaker">Kind of route whose protocol is spoken to the backend.</param>
    /// <param name="reads">What it may read.</param>
    /// <returns>The target, the problem, or both: a target that its policy lets nothing be sent to.</returns>
    public static (BackendTarget? Target, ReferenceProblem? Problem) Resolve(BackendObjectReference reference, ResourceKey from, string speaker, Reads reads)
    {
        if (KindsOf(reference) is not { } kinds)
            return (null, new ReferenceProblem(Reasons.InvalidKind, $"backendRef `{reference.Name}` names {GroupText(reference)}{reference.Kind}: use Backend ({ResourceKind.GatehouseGroup}) or Service"));
        var tenant = reference.Namespace ?? from.Tenant;
        var visible = kinds.Where(kind => tenant == from.Tenant || reads.Permits(from, new ResourceKey(kind, tenant, reference.Name))).ToArray();
        if (visible.Length == 0)
            return (null, new ReferenceProblem(Reasons.RefNotPermitted, $"no ReferenceGrant in tenant `{tenant}` lets {from.Kind} of tenant `{from.Tenant}` reference {kinds[0]} `{reference.Name}`"));
        foreach (var kind in visible)
        {
            if (reads.InCluster && kind == ResourceKind.Service)
                return ServiceReference.InCluster(new ResourceKey(kind, tenant, reference.Name), reference.Port, speaker);
            if (reads.Backend(kind, tenant, reference.Name) is { } backend)
                return Judge(backend, kind == ResourceKind.Service ? ServiceReference.Use(backend, reference.Port, speaker) : OwnBackendReference.Use(backend, reference.Port, speaker));
        }
        return (null, new ReferenceProblem(Reasons.BackendNotFound, $"tenant `{tenant}` has no {string.Join(" or ", visible)} `{reference.Name}`"));
    }

    // Invalid is also a backend of which "a BackendTLSPolicy is present that refers to the Service, and the implementation is unable to meet
    // the requirement" (https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref).
    private static (BackendTarget? Target, ReferenceProblem? Problem) Judge(BackendModel backend, (BackendTarget? Target, ReferenceProblem? Problem) use)
    {
        if (use.Target is not { } target || backend.PolicyFor(target) is not { Accepted: { IsTrue: false } refused } policy)
            return use;
        var reason = policy.ResolvedRefs.IsTrue ? refused.Reason : policy.ResolvedRefs.Reason;
        return (target, new ReferenceProblem(reason, $"BackendTLSPolicy of {backend.Key.Kind} `{backend.Key.Name}` of tenant `{backend.Key.Tenant}` cannot be met, so nothing is sent there: its owner must mend the policy"));
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
}
