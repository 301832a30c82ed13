using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Gateways;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>A parent that a route has in the cluster.</summary>
/// <param name="Parent">The Gateway or ListenerSet.</param>
/// <param name="Section">Name of one listener; null: all of them.</param>
/// <param name="Listeners">Hostnames of the listeners that are meant, each with those that it serves for the route.</param>
internal sealed record AttachPoint(ProjectedId Parent, string? Section, IReadOnlyList<(string Hostname, IReadOnlySet<string> Served)> Listeners)
{
    public bool Serves(string hostname) => Listeners.Any(listener => listener.Served.Contains(hostname));

    /// <summary>Whether the listeners would serve a name that the compiler did not give the route there.</summary>
    public bool Leaks(string hostname) =>
        Listeners.Any(listener => HostnameSet.Intersect(listener.Hostname, hostname) is { } common && !listener.Served.Contains(common));

    public JsonObject Write(string ns)
    {
        var reference = new JsonObject { ["group"] = ResourceKind.GatewayApiGroup, ["kind"] = Parent.Kind, ["name"] = Parent.Name };
        if (Parent.Namespace != ns)
            reference["namespace"] = Parent.Namespace;
        if (Section is not null)
            reference["sectionName"] = Section;
        return reference;
    }
}

/// <summary>Finds the parents that a route has in the cluster: what the compiler attached it to, in the cluster's terms.</summary>
internal static class AttachPoints
{
    /// <param name="route">The route.</param>
    /// <param name="places">Where listeners are in the cluster.</param>
    /// <param name="models">Listeners by id.</param>
    /// <param name="pool">The cluster's pool.</param>
    /// <param name="withheld">Hostnames that must not be served there, by a less specific listener either.</param>
    public static IReadOnlyList<AttachPoint> Of(
        CompiledRoute route, IReadOnlyDictionary<string, ListenerPlace> places, IReadOnlyDictionary<string, ResolvedListener> models, string pool, IReadOnlySet<string> withheld)
    {
        var points = new Dictionary<(ProjectedId, string?), AttachPoint>();
        foreach (var parent in route.Parents)
        {
            var served = parent.Hosts.Where(host => host.Pool == pool && places.ContainsKey(host.Listener) && !withheld.Contains(host.Hostname)).ToLookup(static host => host.Listener, static host => host.Hostname);
            foreach (var group in served.Select(static hosts => hosts.Key).GroupBy(listener => places[listener].Parent))
            {
                var listeners = group.Select(listener => (Place: places[listener], Hostname: models[listener].Model.Hostname, Served: (IReadOnlySet<string>)served[listener].ToHashSet())).ToArray();
                if (MeansAll(parent, listeners[0].Place))
                    Add(points, new AttachPoint(group.Key, null, [.. listeners.Select(static listener => (listener.Hostname, listener.Served))]));
                else
                    Array.ForEach(listeners, listener => Add(points, new AttachPoint(group.Key, listener.Place.Section, [(listener.Hostname, listener.Served)])));
            }
        }
        return [.. points.Values.OrderBy(static point => point.Parent).ThenBy(static point => point.Section, StringComparer.Ordinal)];
    }

    // The route means the parent as a whole, nothing was refused there, and the parent has no other listeners.
    private static bool MeansAll(ParentAttachment parent, ListenerPlace place) =>
        place.IsAlone && parent.Reference is { SectionName: null or "", Port: null } && parent.Accepted.Equals(Verdict.Accepted);

    private static void Add(Dictionary<(ProjectedId, string?), AttachPoint> points, AttachPoint point)
    {
        var key = (point.Parent, point.Section);
        points[key] = points.TryGetValue(key, out var present) ? present with { Listeners = [.. present.Listeners, .. point.Listeners] } : point;
    }
}
