using Gatehouse.Gateway.Compilation.Incremental;

namespace Gatehouse.Gateway.Compilation;

/// <summary>
/// Keeps what it compiled and recompiles what a change touches. The result depends on the inputs and options alone, not on
/// the order in which they came. Not thread-safe: one owner calls <see cref="Apply"/>; anyone may hold a <see cref="Snapshot"/>.
/// </summary>
/// <param name="options">Settings.</param>
public sealed class IncrementalCompiler(CompilerOptions options)
{
    private readonly CompilerState _state = new(options);

    /// <summary>Settings.</summary>
    public CompilerOptions Options { get; } = options;

    /// <summary>What holds after the last <see cref="Apply"/>.</summary>
    public Snapshot Snapshot { get; private set; } = Snapshot.Empty;

    /// <summary>Takes changes, in order, and says what came of them.</summary>
    /// <param name="changes">Changes.</param>
    public CompileDelta Apply(IReadOnlyCollection<InputChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var work = new Work();
        InputPhase.Run(ChangeBatch.Of(changes, _state), _state, work);
        MaterialPhase.Resolve(_state, work);
        GatewayPhase.Run(_state, work);
        ListenerPhase.Run(_state, work);
        ChallengePhase.Run(_state, work);
        PolicyPhase.Run(_state, work);
        BackendPhase.Resolve(_state, work);
        RoutePhase.Run(_state, work);
        HostPhase.Run(_state, work);
        BackendPhase.WriteEntries(_state, work);
        MaterialPhase.WriteEntries(_state, work);
        ResolvedPhase.Run(_state, work);
        var (changed, removed) = StatusPhase.Run(_state, work);
        var delta = new CompileDelta { Pools = Settle(), ChangedStatuses = changed, RemovedStatuses = removed };
        Snapshot = new Snapshot
        {
            Pools = _state.Pools.ToDictionary(pool => pool.Key, pool => pool.Value.View(), StringComparer.Ordinal),
            Statuses = _state.Statuses.View(),
            Resolved = _state.Resolved.View(),
        };
        return delta;
    }

    private Dictionary<string, IReadOnlyList<TableChange>> Settle()
    {
        var served = _state.Classes.Values.Where(node => node.Model is { IsServed: true }).Select(node => node.Model!.Pool).ToHashSet();
        foreach (var pool in served)
            _state.Pool(pool);
        var changes = new Dictionary<string, IReadOnlyList<TableChange>>(StringComparer.Ordinal);
        foreach (var (name, pool) in _state.Pools.ToArray())
        {
            if (pool.Settle() is { Count: > 0 } settled)
                changes[name] = settled;
            if (pool.IsEmpty && !served.Contains(name))
                _state.Pools.Remove(name);
        }
        return changes;
    }
}
