using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>
/// HTTPRoutes and GRPCRoutes that have hostnames in common at one listener: "the implementation MUST accept exactly one of these two
/// routes", the oldest, then the first by <c>{namespace}/{name}</c> (https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutespec, hostnames).
/// A route that is refused takes no name from younger ones, so judging goes from the oldest to the youngest. Names are indexed only
/// at listeners where both kinds meet; others cost one reference for each route.
/// </summary>
internal sealed class RouteRivals
{
    private readonly Dictionary<(string Listener, string Kind), object> _routes = [];
    private readonly Dictionary<string, NameTree<RouteNode>> _names = new(StringComparer.Ordinal);

    public static bool Concerns(RouteNode node) => node.Key.Kind is ResourceKind.HttpRoute or ResourceKind.GrpcRoute;

    /// <summary>Moves a route from where it was to where it is.</summary>
    public void Move(RouteNode node, CompiledRoute? before, CompiledRoute? after)
    {
        foreach (var listener in before?.Serving ?? [])
            Leave(listener.Id, node, before!);
        foreach (var listener in after?.Serving ?? [])
            Enter(listener.Id, node, after!);
    }

    /// <summary>Routes of the other kind that have names in common with a route at a listener.</summary>
    public IEnumerable<RouteNode> Of(string listener, RouteNode node)
    {
        if (node.Alone is not { } route || !_names.TryGetValue(listener, out var names))
            return [];
        var other = Other(node.Key.Kind);
        return route.Hosts.Where(host => host.Listener == listener).SelectMany(host => names.Intersecting(other, host.Hostname)).Distinct().ToArray();
    }

    /// <summary>The oldest of those that are older and not refused themselves; null: the route may serve.</summary>
    public RouteNode? WinnerOver(string listener, RouteNode node)
    {
        RouteNode? winner = null;
        foreach (var rival in Of(listener, node))
        {
            if (IsOlder(rival, node) && !rival.Winners.ContainsKey(listener) && (winner is null || IsOlder(rival, winner)))
                winner = rival;
        }
        return winner;
    }

    public static bool IsOlder(RouteNode left, RouteNode right) => MatchPrecedence.CompareRoutes(left.Alone!, right.Alone!) < 0;

    private void Enter(string listener, RouteNode node, CompiledRoute route)
    {
        var place = (listener, node.Key.Kind);
        var wasMixed = IsMixed(listener);
        _routes[place] = Several<RouteNode>.Add(_routes.GetValueOrDefault(place), node);
        if (wasMixed)
            AddNames(_names[listener], listener, node, route);
        else if (IsMixed(listener))
            _names[listener] = Index(listener);
    }

    private void Leave(string listener, RouteNode node, CompiledRoute route)
    {
        var place = (listener, node.Key.Kind);
        if (Several<RouteNode>.Remove(_routes.GetValueOrDefault(place), node) is { } rest)
            _routes[place] = rest;
        else
            _routes.Remove(place);
        if (!IsMixed(listener))
            _names.Remove(listener);
        else if (_names.TryGetValue(listener, out var names))
            ForNames(listener, route, hostname => names.Remove(node.Key.Kind, hostname, node));
    }

    private NameTree<RouteNode> Index(string listener)
    {
        var names = new NameTree<RouteNode>();
        foreach (var kind in new[] { ResourceKind.HttpRoute, ResourceKind.GrpcRoute })
        {
            foreach (var node in Several<RouteNode>.All(_routes.GetValueOrDefault((listener, kind))))
                AddNames(names, listener, node, node.Alone!);
        }
        return names;
    }

    private static void AddNames(NameTree<RouteNode> names, string listener, RouteNode node, CompiledRoute route) =>
        ForNames(listener, route, hostname => names.Add(node.Key.Kind, hostname, node));

    private static void ForNames(string listener, CompiledRoute route, Action<string> act)
    {
        foreach (var host in route.Hosts)
        {
            if (host.Listener == listener)
                act(host.Hostname);
        }
    }

    private bool IsMixed(string listener) =>
        _routes.ContainsKey((listener, ResourceKind.HttpRoute)) && _routes.ContainsKey((listener, ResourceKind.GrpcRoute));

    private static string Other(string kind) => kind == ResourceKind.HttpRoute ? ResourceKind.GrpcRoute : ResourceKind.HttpRoute;
}
