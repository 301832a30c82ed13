using Gatehouse.Control.Clusters;

namespace Gatehouse.Sync.Planning;

/// <summary>What is to be done with an object.</summary>
internal enum PlannedAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Look whether it is there: the cache alone does not tell.</summary>
    Look,

    /// <summary>Apply what is meant.</summary>
    Apply,

    /// <summary>Delete it.</summary>
    Delete,
}

/// <summary>Why an object is written.</summary>
internal enum WriteReason
{
    /// <summary>It is not there.</summary>
    Create,

    /// <summary>Something else is meant than before.</summary>
    Change,

    /// <summary>Somebody else changed it.</summary>
    Repair,

    /// <summary>It is not meant to be there any more.</summary>
    Prune,
}

/// <summary>Judgement of one object.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Reason">Why.</param>
/// <param name="State">One of <see cref="ObjectState"/>, until it is done.</param>
/// <param name="Message">For people; null: the state says all.</param>
/// <param name="Fields">Fields that others changed.</param>
internal sealed record Verdict(PlannedAction Action, WriteReason Reason, string State, string? Message, IReadOnlyList<ReportedField> Fields)
{
    public static Verdict Settled { get; } = new(PlannedAction.None, WriteReason.Change, ObjectState.Applied, null, []);

    public static Verdict To(PlannedAction action, WriteReason reason, IReadOnlyList<ReportedField>? fields = null) =>
        new(action, reason, ObjectState.Pending, null, fields ?? []);

    public static Verdict Shown(string state, string message, IReadOnlyList<ReportedField> fields) =>
        new(PlannedAction.None, WriteReason.Repair, state, message, fields);
}
