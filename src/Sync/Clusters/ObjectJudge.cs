using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;
using Gatehouse.Sync.Writing;

namespace Gatehouse.Sync.Clusters;

/// <summary>Judges the objects of a book and queues what has to be written. Used by the session's loop alone.</summary>
internal sealed class ObjectJudge(ObjectBook book, WriteQueue queue, PruneGuard guard, TimeProvider time)
{
    /// <summary>From that many changes at once on, later small ones overtake them.</summary>
    private const int Bulk = 64;

    /// <summary>Judges everything that waits for it.</summary>
    public void JudgeDirty()
    {
        var dirty = book.TakeDirty();
        foreach (var entry in dirty)
        {
            if (entry.InFlight)
                entry.ChangedInFlight = true;
            else
                Judge(entry, dirty.Count > Bulk);
            book.Touch(entry);
        }
    }

    private void Judge(ObjectEntry entry, bool isBulk)
    {
        if (entry.Desired is { } desired)
            JudgeDesired(entry, desired, isBulk);
        else if (entry.Observed is not { } observed || !observed.IsMarked(book.Owner))
            Drop(entry);
        else if (guard.Allows(entry.Key))
            Queue(entry, Verdict.To(PlannedAction.Delete, WriteReason.Prune), isBulk);
        else
            Show(entry, guard.IsHeld(entry.Key)
                ? new Verdict(PlannedAction.None, WriteReason.Prune, ObjectState.Held, guard.Held?.Reason, [])
                : new Verdict(PlannedAction.None, WriteReason.Prune, ObjectState.Pending, "It is to be deleted.", []));
    }

    private void JudgeDesired(ObjectEntry entry, ProjectedObject desired, bool isBulk)
    {
        if (entry.Obstacle is { } obstacle && obstacle.Hash != desired.Hash)
            (entry.Obstacle, entry.Failures, entry.NotBefore) = (null, 0, 0);
        if (!book.IsSynced(entry.Key.Kind))
            Show(entry, new Verdict(PlannedAction.None, WriteReason.Create, ObjectState.Pending, $"{entry.Key.Kind} objects of the cluster were not read yet.", []));
        else if (entry.Observed is { } other && !Ownership.IsOurs(other, book.Owner, entry.KnownUid))
            Show(entry, Verdict.Shown(ObjectState.Foreign, ObjectWriter.ForeignMessage(other, entry.Key.ToString()), []));
        else if (MissingNamespace(entry.Key) is { } reason)
            Show(entry, reason);
        else
            Follow(entry, ObjectPlanner.Judge(desired, entry.Observed, new PlannerMemory(entry.AppliedHash == desired.Hash, entry.IsKnownMissing)), desired, isBulk);
    }

    private void Follow(ObjectEntry entry, Verdict verdict, ProjectedObject desired, bool isBulk)
    {
        if (verdict.Action != PlannedAction.None)
        {
            Queue(entry, verdict, isBulk);
            return;
        }
        Show(entry, verdict);
        if (verdict.State != ObjectState.Applied)
            return;
        (entry.AppliedHash, entry.Obstacle, entry.Failures, entry.NotBefore) = (desired.Hash, null, 0, 0);
    }

    private void Queue(ObjectEntry entry, Verdict verdict, bool isBulk)
    {
        var waits = entry.Ticket != 0 && entry.Verdict.Action == verdict.Action && entry.Verdict.Reason == verdict.Reason;
        entry.Verdict = verdict;
        if (waits && entry.Obstacle is not null)
            return;
        var delay = entry.NotBefore == 0 ? TimeSpan.Zero : Until(entry.NotBefore);
        if (verdict.Reason == WriteReason.Repair || (verdict.Reason == WriteReason.Create && entry.KnownUid is not null))
        {
            var contested = entry.Contest.Wait(time);
            delay = contested > delay ? contested : delay;
        }
        if (waits && delay <= TimeSpan.Zero)
            return;
        queue.Add(entry, Stages.OrderOf(entry.Key, verdict.Action == PlannedAction.Delete), isBulk, delay);
    }

    private void Show(ObjectEntry entry, Verdict verdict)
    {
        queue.Remove(entry);
        entry.Verdict = verdict;
    }

    private void Drop(ObjectEntry entry)
    {
        Show(entry, Verdict.Settled);
        book.DropIfForgotten(entry);
    }

    private Verdict? MissingNamespace(ObjectKey key)
    {
        if (key.Namespace is not { } name)
            return null;
        if (!book.IsSynced("Namespace"))
            return Waiting("Namespaces of the cluster were not read yet.");
        var observed = book.Namespace(name);
        if (book.Find(ObjectKey.OfNamespace(name)) is { Desired: not null } made)
        {
            if (observed is null)
                return Waiting($"Namespace {name} is to be made first.");
            if (!Ownership.IsOurs(observed, book.Owner, made.KnownUid))
                return Failed($"Namespace {name} exists in the cluster and was not made by Gatehouse, so nothing is put into it. A platform administrator can adopt it for the tenant, or choose another one.");
        }
        if (observed is null)
            return Failed($"Namespace {name} does not exist in the cluster. Make it there, or let Gatehouse make it: mode Created.");
        return observed.IsBeingDeleted ? Waiting($"Namespace {name} is being deleted in the cluster.") : null;

        static Verdict Waiting(string message) => new(PlannedAction.None, WriteReason.Create, ObjectState.Pending, message, []);
        static Verdict Failed(string message) => new(PlannedAction.None, WriteReason.Create, ObjectState.Failed, message, []);
    }

    private TimeSpan Until(long timestamp) => TimeSpan.FromSeconds((double)(timestamp - time.GetTimestamp()) / time.TimestampFrequency);
}
