using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Projection.Sharding;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>One of the objects that a route becomes.</summary>
/// <param name="Index">Number of the shard.</param>
/// <param name="Hostnames">Its hostnames; null: every one of its listeners'.</param>
/// <param name="Parents">Its parents.</param>
internal sealed record RouteShard(int Index, IReadOnlyList<string>? Hostnames, IReadOnlyList<AttachPoint> Parents);

/// <summary>
/// Splits a route where 16 hostnames or 32 parents are not enough, or where one object would serve a name at a listener that refused it. The
/// hostnames that the route serves are the items; as long as nothing was refused, each shard keeps the route's own hostnames.
/// </summary>
internal static class RouteShards
{
    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec</summary>
    private const int MaxHostnames = 16;

    private const int MaxParents = 32;

    /// <param name="written">Hostnames of the route; <see cref="HostnameSet.Any"/> if it has none.</param>
    /// <param name="points">Its parents.</param>
    /// <param name="ageOf">Since when a hostname is served.</param>
    /// <param name="before">Earlier assignments.</param>
    /// <returns>The shards, and what to remember.</returns>
    public static (IReadOnlyList<RouteShard> Shards, IReadOnlyDictionary<string, int> Assigned) Of(
        IReadOnlyList<string> written, IReadOnlyList<AttachPoint> points, Func<string, DateTimeOffset> ageOf, IReadOnlyDictionary<string, int> before)
    {
        var served = points.SelectMany(static point => point.Listeners).SelectMany(static listener => listener.Served).Distinct().Order(StringComparer.Ordinal).ToArray();
        var asWritten = !written.Any(hostname => points.Any(point => point.Leaks(hostname)));
        if (before.Count == 0 && points.Count <= MaxParents && served.Length <= MaxHostnames && (asWritten || !Leaks(served, points)))
            return ([new RouteShard(0, asWritten ? NamesOf(written) : NamesOf(served), points)], before);
        var items = served.Select(hostname => new ShardItem(hostname, ageOf(hostname), new ShardCost(1, points.Count(point => point.Serves(hostname))))).ToArray();
        var assigned = ShardPlanner.Assign(items, new ShardCost(MaxHostnames, MaxParents), default, before, asWritten ? null : (item, others) => !Leaks([item.Id, .. others.Select(static other => other.Id)], points));
        var shards = assigned.GroupBy(static entry => entry.Value).OrderBy(static group => group.Key)
            .Select(group => ShardOf(group.Key, [.. group.Select(static entry => entry.Key)], asWritten ? written : null, points));
        return ([.. shards], assigned);
    }

    private static RouteShard ShardOf(int index, string[] hostnames, IReadOnlyList<string>? written, IReadOnlyList<AttachPoint> points) =>
        new(index, NamesOf(written ?? hostnames), [.. points.Where(point => hostnames.Any(point.Serves))]);

    private static bool Leaks(IReadOnlyList<string> hostnames, IReadOnlyList<AttachPoint> points) =>
        points.Where(point => hostnames.Any(point.Serves)).Any(point => hostnames.Any(point.Leaks));

    private static IReadOnlyList<string>? NamesOf(IReadOnlyList<string> hostnames) => hostnames.Contains(HostnameSet.Any) ? null : hostnames;
}
