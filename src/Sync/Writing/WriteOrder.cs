using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;

namespace Gatehouse.Sync.Writing;

/// <summary>Something to be written.</summary>
/// <param name="Key">Identity.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="Reason">Why.</param>
/// <param name="Desired">What is meant; null for deletions.</param>
/// <param name="Observed">What was there when it was decided; null: nothing known.</param>
/// <param name="KnownUid">Uid of the object that had our marks before; null: none.</param>
/// <param name="Kind">Kind as it was watched; for deletions.</param>
internal sealed record WriteOrder(
    ObjectKey Key,
    PlannedAction Action,
    WriteReason Reason,
    ProjectedObject? Desired,
    ObservedObject? Observed,
    string? KnownUid,
    ApiKind? Kind);

/// <summary>What came of a write.</summary>
internal abstract record WriteOutcome;

/// <summary>The cluster has it.</summary>
internal sealed record Written(ObservedObject Object, bool IsNew, bool Forced) : WriteOutcome;

/// <summary>It is there, and ours: whoever decided did not know.</summary>
internal sealed record Found(ObservedObject Object) : WriteOutcome;

/// <summary>It is not there.</summary>
internal sealed record NotThere : WriteOutcome;

/// <summary>Somebody else's object has the name.</summary>
internal sealed record ForeignFound(string Message) : WriteOutcome;

/// <summary>Others own fields of it.</summary>
internal sealed record Conflicted(IReadOnlyList<ReportedField> Fields) : WriteOutcome;

/// <summary>It changed meanwhile: decide anew.</summary>
internal sealed record Outdated : WriteOutcome;

/// <summary>The cluster refused it; the same again will be refused again.</summary>
/// <param name="Message">Why.</param>
/// <param name="MayPass">Whether something is missing that may be there soon, such as a kind that is being installed.</param>
internal sealed record Refused(string Message, bool MayPass = false) : WriteOutcome;

/// <summary>The cluster cannot at the moment.</summary>
internal sealed record Troubled(string Message, TimeSpan? RetryAfter) : WriteOutcome;

/// <summary>Postgres could not be asked whether this worker still leads: nothing was sent.</summary>
internal sealed record FencedOff(string Message) : WriteOutcome;

/// <summary>A Namespace is kept because of what is in it.</summary>
internal sealed record NamespaceKept(string Message) : WriteOutcome;
