using Gatehouse.Control.Clusters;
using Gatehouse.Sync.Planning;
using Gatehouse.Sync.Writing;

namespace Gatehouse.Sync.Clusters;

/// <summary>Takes what came of writes into the book. Used by the session's loop alone.</summary>
internal sealed class Outcomes(ObjectBook book, Pace pace, TimeProvider time, Func<double> random)
{
    public void Take(ObjectEntry entry, WriteOrder order, WriteOutcome outcome)
    {
        entry.InFlight = entry.ChangedInFlight = false;
        if (outcome is Troubled troubled)
            pace.Slow(troubled.RetryAfter);
        else if (outcome is not FencedOff)
            pace.Quicken();
        switch (outcome)
        {
            case Written written:
                TakeWritten(entry, order, written);
                break;
            case Found found:
                entry.IsKnownMissing = false;
                book.SetObserved(entry, found.Object);
                entry.KnownUid = found.Object.Uid;
                break;
            case NotThere:
                entry.IsKnownMissing = true;
                Clear(entry);
                if (order.Action == PlannedAction.Delete)
                    entry.KnownUid = null;
                book.SetObserved(entry, null);
                break;
            case ForeignFound foreign:
                entry.KnownUid = null;
                book.SetObserved(entry, null);
                Stand(entry, order, ObjectState.Foreign, foreign.Message, [], TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(45));
                break;
            case Conflicted conflict:
                Stand(entry, order, ObjectState.Conflict, "Other managers own fields of it, which are not taken from them. Let them give these fields up, or take them out of the object here.", conflict.Fields, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5));
                break;
            case Outdated:
                Stand(entry, order, ObjectState.Pending, null, [], TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
                break;
            case Refused refused:
                Stand(entry, order, ObjectState.Failed, refused.Message, [], refused.MayPass ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
                break;
            case Troubled trouble:
                Stand(entry, order, ObjectState.Failed, trouble.Message, [], TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
                break;
            case FencedOff fenced:
                Stand(entry, order, ObjectState.Pending, fenced.Message, [], TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2));
                break;
            case NamespaceKept kept:
                Stand(entry, order, ObjectState.Pending, kept.Message, [], TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20));
                break;
        }
        book.MarkDirty(entry);
    }

    private void TakeWritten(ObjectEntry entry, WriteOrder order, Written written)
    {
        Clear(entry);
        entry.IsKnownMissing = false;
        entry.AppliedHash = order.Desired?.Hash;
        entry.KnownUid = written.Object.Uid;
        if (order.Reason == WriteReason.Repair || (order.Reason == WriteReason.Create && order.KnownUid is not null))
        {
            entry.Contest.Note(time);
            entry.LastRepair = new Repair(time.GetUtcNow(), entry.Verdict.Fields);
        }
        if (entry.Observed is not { } observed || !written.Object.IsOlderThan(observed))
            book.SetObserved(entry, written.Object);
    }

    private static void Clear(ObjectEntry entry) => (entry.Obstacle, entry.Failures, entry.NotBefore) = (null, 0, 0);

    private void Stand(ObjectEntry entry, WriteOrder order, string state, string? message, IReadOnlyList<ReportedField> fields, TimeSpan first, TimeSpan longest)
    {
        entry.Obstacle = new Obstacle(state, message, fields, order.Desired?.Hash);
        var pause = Backoff.After(++entry.Failures, first, longest, random());
        entry.NotBefore = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
    }
}
