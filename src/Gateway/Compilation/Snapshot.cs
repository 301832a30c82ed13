using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation;

/// <summary>All that the compiler says at one moment. Immutable: readers may hold it while the compiler goes on.</summary>
public sealed record Snapshot
{
    /// <summary>What each pool of data planes serves, by pool name.</summary>
    public required IReadOnlyDictionary<string, PoolTable> Pools { get; init; }

    /// <summary>Status of every object that is ours.</summary>
    public required IReadOnlyDictionary<ResourceKey, ResourceStatus> Statuses { get; init; }

    /// <summary>What projections into clusters start from.</summary>
    public ResolvedModel Resolved { get; init; } = ResolvedModel.Empty;

    /// <summary>Nothing.</summary>
    public static Snapshot Empty { get; } = new()
    {
        Pools = new Dictionary<string, PoolTable>(),
        Statuses = new Dictionary<ResourceKey, ResourceStatus>(),
    };
}

/// <summary>Match table of one pool.</summary>
/// <param name="Table">The tables.</param>
/// <param name="Hash">Sum over <see cref="TableChange.Hash"/> of all entries, modulo 2^128.</param>
/// <param name="Count">Entries in all tables.</param>
public sealed record PoolTable(MatchTable Table, UInt128 Hash, int Count);
