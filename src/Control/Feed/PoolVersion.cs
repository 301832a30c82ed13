using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Control.Feed;

/// <summary>What a pool serves at one revision.</summary>
/// <param name="Revision">Revision.</param>
/// <param name="Table">Match table with its hash.</param>
/// <param name="IsWhole">Whether everything that is stored could be read and compiled, so that what is not in the table was not asked for.</param>
internal sealed record PoolVersion(long Revision, PoolTable Table, bool IsWhole)
{
    /// <summary>The position that a data plane has once it applied this version.</summary>
    public FeedPosition Position => new(Revision, Table.Hash);

    /// <summary>The table of a pool that no gateway uses.</summary>
    public static PoolTable EmptyTable { get; } = new(
        new MatchTable
        {
            Listeners = new Dictionary<string, ListenerEntry>(),
            Hosts = new Dictionary<string, HostEntry>(),
            Backends = new Dictionary<string, BackendEntry>(),
        },
        UInt128.Zero,
        0);
}

/// <summary>Where a data plane is.</summary>
/// <param name="Revision">Revision that it applied.</param>
/// <param name="Hash">Hash over its entries; null: not known.</param>
internal readonly record struct FeedPosition(long Revision, UInt128? Hash);

/// <summary>One step of a pool from revision to revision.</summary>
/// <param name="From">Position before.</param>
/// <param name="Changes">Changed entries; none if the revision did not touch the pool.</param>
internal sealed record PoolDelta(FeedPosition From, IReadOnlyList<TableChange> Changes);

/// <summary>What a data plane must be sent next.</summary>
/// <param name="Target">The newest version.</param>
/// <param name="Changes">What leads there; null: a snapshot is needed.</param>
internal sealed record FeedStep(PoolVersion Target, IReadOnlyCollection<TableChange>? Changes);
