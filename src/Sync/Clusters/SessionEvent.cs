using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Rivals;
using Gatehouse.Sync.Writing;

namespace Gatehouse.Sync.Clusters;

/// <summary>What a session's loop is told.</summary>
internal abstract record SessionEvent;

/// <summary>A watch tells something.</summary>
internal sealed record ObservedEvent(Observation Observation) : SessionEvent;

/// <summary>A newer state is compiled.</summary>
internal sealed record DesiredEvent(DesiredState State) : SessionEvent;

/// <summary>DNS names have other addresses.</summary>
internal sealed record AddressesEvent(IReadOnlyDictionary<string, IReadOnlyList<string>> Addresses) : SessionEvent;

/// <summary>Others were looked at.</summary>
internal sealed record RivalsEvent(RivalHosts Rivals) : SessionEvent;

/// <summary>A write is over.</summary>
internal sealed record WriteEvent(ObjectEntry Entry, WriteOrder Order, WriteOutcome Outcome, TimeSpan Took) : SessionEvent;

/// <summary>What changed in the database up to a revision is known; null: it is not known any more.</summary>
internal sealed record ExplainedEvent(long Revision, IReadOnlySet<ResourceKey>? Changed) : SessionEvent;

/// <summary>Reports are stored, or were not.</summary>
internal sealed record ReportedEvent(bool IsStored) : SessionEvent;

/// <summary>The server said its version.</summary>
internal sealed record VersionEvent(string? Version, string? Failure) : SessionEvent;

/// <summary>Somebody wants to look at, or change, what the loop owns.</summary>
internal sealed record AskEvent(Action Do) : SessionEvent;
