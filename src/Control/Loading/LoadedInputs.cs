using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Loading;

/// <summary>What was read from one snapshot of the database.</summary>
/// <param name="Revision">The revision that the snapshot belongs to.</param>
/// <param name="CommittedAt">When that revision was committed.</param>
/// <param name="Changes">Inputs for the compiler, in order.</param>
/// <param name="Faults">Objects whose stored spec cannot be read; the compiler does not get them.</param>
internal sealed record LoadedInputs(long Revision, DateTimeOffset CommittedAt, IReadOnlyList<InputChange> Changes, IReadOnlyList<SpecFault> Faults)
{
    /// <summary>Whether <see cref="Changes"/> is everything there is, for a fresh compiler.</summary>
    public bool IsComplete { get; init; }
}

/// <summary>A stored object that this version cannot read.</summary>
/// <param name="Key">The object.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Message">Why, for people.</param>
internal sealed record SpecFault(ResourceKey Key, long Generation, string Message);
