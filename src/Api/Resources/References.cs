using Gatehouse.Gateway.Resources;

namespace Gatehouse.Api.Resources;

/// <summary>Which objects a spec names.</summary>
internal static class References
{
    /// <summary>The references of a spec; its kind-less backendRefs count as Backend.</summary>
    /// <param name="tenant">Tenant of the object, for references without namespace.</param>
    /// <param name="spec">Spec.</param>
    public static IEnumerable<ResourceKey> Of(string tenant, object spec) => spec switch
    {
        HttpRouteSpec route => OfRoute(tenant, route),
        GatewaySpec gateway => [new ResourceKey(ResourceKind.GatewayClass, ResourceKind.PlatformTenant, gateway.GatewayClassName)],
        ListenerSetSpec set => [OfParent(tenant, set.ParentRef)],
        HostnameSpec hostname => (hostname.Gateways ?? []).Select(gateway => new ResourceKey(ResourceKind.Gateway, gateway.Namespace ?? tenant, gateway.Name)),
        _ => [],
    };

    /// <summary>All backends that a route names, those of mirrors and authorization too.</summary>
    public static IEnumerable<BackendObjectReference> BackendsOf(HttpRouteSpec route) =>
        (route.Rules ?? []).SelectMany(static rule =>
            (rule.BackendRefs ?? []).Concat((rule.BackendRefs ?? []).SelectMany(static backend => OfFilters(backend.Filters)))
                .Concat(OfFilters(rule.Filters)));

    private static IEnumerable<BackendObjectReference> OfFilters(IReadOnlyList<HttpRouteFilter>? filters) =>
        (filters ?? []).SelectMany(static filter => new[] { filter.RequestMirror?.BackendRef, filter.ExternalAuth?.BackendRef }).OfType<BackendObjectReference>();

    private static IEnumerable<ResourceKey> OfRoute(string tenant, HttpRouteSpec route)
    {
        foreach (var parent in route.ParentRefs ?? [])
        {
            var key = OfParent(tenant, parent);
            yield return key;

            // A Hostname compiles to a ListenerSet of its name, so a route may name it as its parent.
            if (key.Kind == ResourceKind.ListenerSet)
                yield return key with { Kind = ResourceKind.Hostname };
        }
        foreach (var backend in BackendsOf(route))
        {
            var ours = backend.Kind is null ? string.IsNullOrEmpty(backend.Group) : backend is { Kind: ResourceKind.Backend, Group: ResourceKind.GatehouseGroup };
            if (ours)
                yield return new ResourceKey(ResourceKind.Backend, backend.Namespace ?? tenant, backend.Name);
        }
    }

    private static ResourceKey OfParent(string tenant, ParentReference parent) =>
        new(parent.Kind ?? ResourceKind.Gateway, parent.Namespace ?? tenant, parent.Name);
}
