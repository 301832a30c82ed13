using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Api;
using Gatehouse.Portal.Backends;
using Gatehouse.Portal.Conditions;

namespace Gatehouse.Portal.Tenants;

/// <summary>A tenant at a glance.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Hostnames">Its first hostnames.</param>
/// <param name="Routes">Its first routes.</param>
/// <param name="Backends">Its first backends.</param>
public sealed record TenantOverview(TenantView Tenant, ListPage<ApiResource> Hostnames, ListPage<ApiResource> Routes, ListPage<ApiResource> Backends)
{
    private const int PageSize = 200;

    internal static async Task<ApiResult<TenantOverview>> LoadAsync(GatehouseApiClient api, string tenant, CancellationToken cancellation)
    {
        var query = new ListQuery(PageSize);
        var about = api.GetTenantAsync(tenant, cancellation);
        var hostnames = api.ListAsync(tenant, "hostnames", query, cancellation);
        var routes = api.ListAsync(tenant, "httproutes", query, cancellation);
        var backends = api.ListAsync(tenant, "backends", query, cancellation);
        await Task.WhenAll(about, hostnames, routes, backends);
        var failure = (await about).Failure ?? (await hostnames).Failure ?? (await routes).Failure ?? (await backends).Failure;
        return failure is not null
            ? failure
            : new TenantOverview((await about).Value!, (await hostnames).Value!, (await routes).Value!, (await backends).Value!);
    }

    /// <summary>What needs somebody, the worst first.</summary>
    public IReadOnlyList<Trouble> Troubles()
    {
        var hostnames = Hostnames.Items.Select(h => new Trouble("Hostname", "hostnames", h.Name, true, ObjectState.Of(h, ObjectState.HostnamePath)));
        var routes = Routes.Items.Select(r => new Trouble("Route", "routes", r.Name, true, ObjectState.Of(r, ObjectState.Path)));
        var backends = Backends.Items.Select(b => new Trouble("Backend", "backends", b.Name, false, StateOf(b)));
        return [.. hostnames.Concat(routes).Concat(backends).Where(t => t.State.Signal is Signal.Bad or Signal.Partial).OrderByDescending(t => t.State.Signal)];
    }

    /// <summary>How many of a page's objects work.</summary>
    public static Tally Count(ListPage<ApiResource> page, Func<ApiResource, Signal> signal)
    {
        ArgumentNullException.ThrowIfNull(page);
        return new Tally(page.Items.Count(item => signal(item) == Signal.Good), page.Items.Count, page.Continue is not null);
    }

    /// <summary>A backend's health as the state of an object.</summary>
    public static ObjectState StateOf(ApiResource backend)
    {
        var view = BackendView.Of(backend);
        var down = view.Endpoints.FirstOrDefault(e => e.Signal == Signal.Bad);
        var because = down is null
            ? ConditionView.Of(backend, "Healthy")
            : new ConditionView("Healthy", Signal.Bad, "No", down.Address, down.Message ?? "The gateways cannot reach this endpoint.", null);
        return new ObjectState(view.Signal, view.Word, because);
    }
}

/// <summary>So many of so many.</summary>
/// <param name="Good">That work.</param>
/// <param name="All">Counted.</param>
/// <param name="IsCut">Whether there are more than were counted.</param>
public sealed record Tally(int Good, int All, bool IsCut);

/// <summary>An object that does not work as it should.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Section">Where it is listed.</param>
/// <param name="Name">Its name.</param>
/// <param name="HasPage">Whether it has a page of its own.</param>
/// <param name="State">How it stands and why.</param>
public sealed record Trouble(string Kind, string Section, string Name, bool HasPage, ObjectState State);
