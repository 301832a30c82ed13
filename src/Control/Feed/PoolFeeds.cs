using System.Collections.Concurrent;
using Gatehouse.Gateway.Compilation;

namespace Gatehouse.Control.Feed;

/// <summary>The feeds of all pools.</summary>
internal sealed class PoolFeeds(ControlOptions options)
{
    private readonly ConcurrentDictionary<string, PoolFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>Feed of a pool; one that no gateway uses is empty.</summary>
    public PoolFeed Of(string pool) => _feeds.GetOrAdd(pool, _ => new PoolFeed(options.FeedHistory));

    /// <summary>Starts all pools over. Called by the compile host alone.</summary>
    public void Replace(long revision, Snapshot snapshot, bool isWhole)
    {
        foreach (var pool in Pools(snapshot))
            Of(pool).Replace(VersionOf(pool, revision, snapshot, isWhole));
    }

    /// <summary>Moves all pools to the next revision. Called by the compile host alone.</summary>
    public void Advance(long revision, Snapshot snapshot, bool isWhole, CompileDelta delta)
    {
        foreach (var pool in Pools(snapshot))
            Of(pool).Advance(VersionOf(pool, revision, snapshot, isWhole), delta.Pools.TryGetValue(pool, out var changes) ? changes : []);
    }

    private List<string> Pools(Snapshot snapshot) =>
        [.. snapshot.Pools.Keys.Union(_feeds.Keys).Union(options.DataPlaneCredentials.Keys)];

    private static PoolVersion VersionOf(string pool, long revision, Snapshot snapshot, bool isWhole) =>
        new(revision, snapshot.Pools.TryGetValue(pool, out var table) ? table : PoolVersion.EmptyTable, isWhole);
}
