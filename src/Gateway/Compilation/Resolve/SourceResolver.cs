using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves Gateways and ListenerSets as sources of listeners.</summary>
internal static class SourceResolver
{
    public static SourceModel Resolve(Resource resource, Reads reads) => resource switch
    {
        Resource<GatewaySpec> gateway => OfGateway(gateway, reads),
        Resource<ListenerSetSpec> set => OfListenerSet(set, reads),
        Resource<HostnameSpec> hostname => HostnameResolver.Resolve(hostname, reads),
        _ => throw new ArgumentException($"{resource.Key} has no listeners.", nameof(resource)),
    };

    private static SourceModel OfGateway(Resource<GatewaySpec> resource, Reads reads)
    {
        var gateway = reads.Gateway(resource.Key) ?? throw new InvalidOperationException($"{resource.Key} is resolved before its listeners.");
        if (gateway.State is GatewayState.Foreign)
            return new SourceModel { Listeners = [], IsForeign = true };
        if (gateway.State is GatewayState.Waiting)
            return new SourceModel { Listeners = [], Problem = gateway.Accepted, Gateways = [gateway] };
        return new SourceModel
        {
            Listeners = ListenersOf(resource, resource.Spec.Listeners, gateway, reads),
            ResolvedRefs = gateway.ResolvedRefs,
            Gateways = [gateway],
        };
    }

    // A Gateway takes ListenerSets only where its allowedListeners says so, by default none
    // (https://gateway-api.sigs.k8s.io/reference/spec/#allowedlisteners). One in another tenant that does not, and one that does not
    // exist, are answered alike.
    private static SourceModel OfListenerSet(Resource<ListenerSetSpec> resource, Reads reads)
    {
        var parent = resource.Spec.ParentRef;
        if ((parent.Kind ?? ResourceKind.Gateway) != ResourceKind.Gateway || (parent.Group ?? ResourceKind.GatewayApiGroup) != ResourceKind.GatewayApiGroup)
            return new SourceModel { Listeners = [], Problem = Verdict.False(Reasons.Accepted, Reasons.Invalid, $"parentRef names a {parent.Kind}: only a Gateway can take listeners.") };
        var key = new ResourceKey(ResourceKind.Gateway, parent.Namespace ?? resource.Key.Tenant, parent.Name);
        var gateway = reads.Gateway(key);
        if (Refuse(resource.Key, key, gateway, reads) is { } problem)
            return new SourceModel { Listeners = [], Problem = problem };
        if (gateway!.State == GatewayState.Foreign)
            return new SourceModel { Listeners = [], IsForeign = true };
        if (gateway.State != GatewayState.Served)
            return new SourceModel { Listeners = [], Problem = Verdict.False(Reasons.Accepted, Reasons.ParentNotAccepted, $"Gateway `{gateway.Name}` is not accepted.") };
        return new SourceModel { Listeners = ListenersOf(resource, resource.Spec.Listeners, gateway, reads), Gateways = [gateway] };
    }

    /// <summary>Why a Gateway takes no listeners from an object, or null.</summary>
    public static Verdict? Refuse(ResourceKey source, ResourceKey key, GatewayModel? gateway, Reads reads)
    {
        if (gateway is null && key.Tenant == source.Tenant)
            return Verdict.False(Reasons.Accepted, Reasons.ParentNotAccepted, $"Tenant `{key.Tenant}` has no Gateway `{key.Name}`.");
        if (gateway is null || !LabelSelection.Admits(gateway.AllowedListeners?.Namespaces, "None", key.Tenant, source.Tenant, reads.Tenant))
            return Verdict.False(Reasons.Accepted, Reasons.NotAllowed, $"No Gateway `{key.Name}` in tenant `{key.Tenant}` takes listeners from tenant `{source.Tenant}`: tenant `{key.Tenant}` must admit them in spec.allowedListeners.");
        return null;
    }

    private static ListenerModel[] ListenersOf(Resource resource, IReadOnlyList<Listener> listeners, GatewayModel gateway, Reads reads) =>
        [.. listeners.Select((listener, index) =>
            ListenerResolver.Resolve(resource, index, listener, ListenerResolver.IdOf(resource.Key, listener.Name), gateway, reads))];
}
