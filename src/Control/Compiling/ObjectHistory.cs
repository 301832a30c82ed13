using System.Collections.Concurrent;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Compiling;

/// <summary>
/// Since when what is compiled of an object holds: the revision at which its spec or its compiled output last changed. Kept in memory;
/// after a restart every object counts from the revision that was loaded.
/// </summary>
internal sealed class ObjectHistory
{
    private readonly ConcurrentDictionary<ResourceKey, EffectiveSince> _changed = new();
    private EffectiveSince _loaded;

    /// <summary>When the object's compiled output last changed; the time is null if that was before the start.</summary>
    public EffectiveSince Of(ResourceKey key) => _changed.TryGetValue(key, out var since) ? since : _loaded;

    /// <summary>Everything counts from here on.</summary>
    public void Reset(long revision)
    {
        _changed.Clear();
        _loaded = new EffectiveSince(revision, null);
    }

    /// <summary>Takes note of what one revision changed.</summary>
    public void Note(EffectiveSince since, IEnumerable<InputChange> inputs, CompileDelta delta, Snapshot before, Snapshot snapshot)
    {
        foreach (var input in inputs)
        {
            if (input is ResourceUpsert upsert)
                _changed[upsert.Resource.Key] = since;
        }

        foreach (var status in delta.ChangedStatuses)
        {
            // A Gateway does not start over because one more route attached to it.
            if (!before.Statuses.TryGetValue(status.Key, out var earlier) || !status.ServesAs(earlier))
                _changed[status.Key] = since;
        }
        foreach (var key in RoutesOf(delta, snapshot))
            _changed[key] = since;
        foreach (var key in delta.RemovedStatuses)
            _changed.TryRemove(key, out _);
    }

    /// <summary>The routes whose rules are in host entries that changed.</summary>
    private static IEnumerable<ResourceKey> RoutesOf(CompileDelta delta, Snapshot snapshot)
    {
        foreach (var (pool, changes) in delta.Pools)
        {
            if (!snapshot.Pools.TryGetValue(pool, out var table))
                continue;
            foreach (var change in changes)
            {
                if (change.Table != TableHash.Hosts || !table.Table.Hosts.TryGetValue(change.Key, out var host))
                    continue;
                foreach (var rule in host.Rules)
                    yield return new ResourceKey(rule.Source.Kind, rule.Source.Tenant, rule.Source.Name);
            }
        }
    }
}

/// <summary>Since when something holds.</summary>
/// <param name="Revision">Revision.</param>
/// <param name="At">When it was committed; null: before this process started.</param>
internal readonly record struct EffectiveSince(long Revision, DateTimeOffset? At);
