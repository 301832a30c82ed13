using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation;

/// <summary>What one <see cref="IncrementalCompiler.Apply"/> changed.</summary>
public sealed record CompileDelta
{
    /// <summary>Changed entries by pool, ordered by table and key.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<TableChange>> Pools { get; init; }

    /// <summary>Statuses that are new or differ, ordered by key.</summary>
    public required IReadOnlyList<ResourceStatus> ChangedStatuses { get; init; }

    /// <summary>Objects that have no status any more, ordered by key.</summary>
    public required IReadOnlyList<ResourceKey> RemovedStatuses { get; init; }
}
