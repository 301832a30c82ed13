using Gatehouse.Control.Loading;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Compiling;

/// <summary>What is compiled, and of which revision. Immutable; readers may hold it.</summary>
public sealed record CompileState
{
    /// <summary>Revision that was compiled; -1: nothing was loaded yet.</summary>
    public required long Revision { get; init; }

    /// <summary>What the compiler says.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>Objects whose stored spec cannot be read.</summary>
    internal IReadOnlyDictionary<ResourceKey, SpecFault> Faults { get; init; } = new Dictionary<ResourceKey, SpecFault>();

    /// <summary>Whether anything was loaded.</summary>
    public bool IsLoaded => Revision >= 0;

    /// <summary>Whether everything stored could be read and compiled: otherwise what is missing may be missing by mistake.</summary>
    public bool IsComplete { get; internal init; }

    internal static CompileState Empty { get; } = new() { Revision = -1, Snapshot = Snapshot.Empty };
}
