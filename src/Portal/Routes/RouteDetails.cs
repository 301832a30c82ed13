using Gatehouse.Portal.Api;
using Gatehouse.Portal.Backends;
using Gatehouse.Portal.Conditions;

namespace Gatehouse.Portal.Routes;

/// <summary>A route with the backends of its own tenant that it names; null for one that does not exist.</summary>
/// <param name="Route">The route.</param>
/// <param name="Backends">By name.</param>
public sealed record RouteDetails(ApiResource Route, IReadOnlyDictionary<string, ApiResource?> Backends)
{
    private const int MostBackends = 32;

    internal static async Task<ApiResult<RouteDetails>> LoadAsync(GatehouseApiClient api, string tenant, string name, CancellationToken cancellation)
    {
        var route = await api.GetAsync(tenant, "httproutes", name, cancellation);
        if (route.Failure is { } failure) return failure;
        var names = RouteOutline.Of(route.Value!).OwnBackends(tenant).Take(MostBackends).ToList();
        var answers = await Task.WhenAll(names.Select(backend => api.GetAsync(tenant, "backends", backend, cancellation)));
        var known = names.Zip(answers).Where(pair => pair.Second.Failure is null or { IsMissing: true });
        return new RouteDetails(route.Value!, known.ToDictionary(pair => pair.First, pair => pair.Second.Value));
    }

    /// <summary>How a share's backend stands; null where this page cannot know (another tenant's, or a Service).</summary>
    public (Signal Signal, string Word)? HealthOf(ShareView share)
    {
        ArgumentNullException.ThrowIfNull(share);
        if (share.IsBackendOf(Route.Tenant) && Backends.TryGetValue(share.Name, out var backend))
        {
            // Without a kind the name may be a Service's, which is none of our pages' business: then the route's condition decides.
            if (backend is null) return share.IsUnresolvedIn(Route) ? (Signal.Bad, "Not found") : null;
            var view = BackendView.Of(backend);
            return (view.Signal, view.Word);
        }
        return share.IsUnresolvedIn(Route) ? (Signal.Bad, "Not permitted") : null;
    }
}
