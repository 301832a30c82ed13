using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;
using Gatehouse.Sync.Writing;

namespace Gatehouse.Sync.Clusters;

/// <summary>Decides what is written next, starts it, and takes what came of it.</summary>
internal sealed partial class SessionWrites(SessionParts parts, SessionState state)
{
    private readonly ObjectWriter _writer = new(parts.Api, parts.Fence, new IntentBuilder(parts.Store), new NamespaceContents(parts.Api), state.Book.Owner, parts.Options.Lease);
    private readonly HashSet<Task> _running = [];
    private readonly int[] _inFlightByOrder = new int[2 * Stages.Count];

    /// <summary>How long until something can be written; null: nothing waits, or the end of a write is waited for.</summary>
    public TimeSpan? Wait
    {
        get
        {
            var next = state.Queue.NextOrder;
            if (state.InFlight >= state.Pace.AtOnce || (next is { } order && !MayStart(order)))
                return null;
            var due = next is not null ? TimeSpan.Zero : state.Queue.UntilDue;
            return due is { } wait && state.Pace.Wait is var pace ? (pace > wait ? pace : wait) : null;
        }
    }

    /// <summary>Judges what changed, and starts what may be started.</summary>
    public void Decide(Func<SessionEvent, ValueTask> tell, CancellationToken cancellationToken)
    {
        JudgePruning(tell, cancellationToken);
        state.Judge.JudgeDirty();
        while (state.InFlight < state.Pace.AtOnce && state.Queue.NextOrder is { } order && MayStart(order) && state.Pace.TryTake())
            Start(state.Queue.Take()!, tell, cancellationToken);
        NoteSynced();
    }

    public void Take(WriteEvent write)
    {
        state.InFlight--;
        _inFlightByOrder[OrderOf(write.Order)]--;
        state.Outcomes.Take(write.Entry, write.Order, write.Outcome);
        parts.Metrics.NoteWrite(state.Target.Name, write.Order, write.Outcome, write.Took);
        Tell(write);
    }

    public void Take(ExplainedEvent explained)
    {
        state.IsExplaining = false;
        state.Book.PruneChanged = true;
        if (explained.Revision == state.ProjectedRevision && state.MayPrune)
            JudgeCandidates(explained.Changed);
    }

    /// <summary>Lets go what is held; false: something else is held by now.</summary>
    public bool Confirm(string token)
    {
        if (!state.Guard.Confirm(token))
            return false;
        foreach (var entry in state.Book.Surplus.ToList())
            state.Book.MarkDirty(entry);
        return true;
    }

    /// <summary>Waits for the writes that run.</summary>
    public Task DrainAsync() => Task.WhenAll(_running);

    private void Start(ObjectEntry entry, Func<SessionEvent, ValueTask> tell, CancellationToken cancellationToken)
    {
        if (entry.Verdict.Action == PlannedAction.None)
            return;
        if (entry.Key.IsNamespace && entry.Verdict.Action == PlannedAction.Delete && state.Book.Ours.Any(other => other.Key.Namespace == entry.Key.Name))
        {
            state.Queue.Add(entry, Stages.OrderOf(entry.Key, isDeletion: true), isBulk: true, TimeSpan.FromMilliseconds(250));
            return;
        }
        var write = new WriteOrder(entry.Key, entry.Verdict.Action, entry.Verdict.Reason, entry.Desired, entry.Observed, entry.KnownUid, entry.Kind);
        (entry.InFlight, entry.ChangedInFlight) = (true, false);
        state.InFlight++;
        _inFlightByOrder[OrderOf(write)]++;
        var running = Task.Run(() => RunAsync(entry, write, tell, cancellationToken), CancellationToken.None);
        _running.Add(running);
        _running.RemoveWhere(static task => task.IsCompleted);
    }

    // What others need is there before they are, and goes after them.
    private bool MayStart(int order) => !_inFlightByOrder.AsSpan(0, order).ContainsAnyExcept(0);

    private static int OrderOf(WriteOrder write) => Stages.OrderOf(write.Key, write.Action == PlannedAction.Delete);

    private async Task RunAsync(ObjectEntry entry, WriteOrder order, Func<SessionEvent, ValueTask> tell, CancellationToken cancellationToken)
    {
        var began = parts.Time.GetTimestamp();
        WriteOutcome outcome;
        try
        {
            outcome = await _writer.RunAsync(order, cancellationToken);
        }
        catch (Exception failure) when (failure is LeaseLostException || cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            Log.Broke(parts.Logger, state.Target.Name, order.Key, failure);
            outcome = new Refused("The worker cannot write it: its log says why.");
        }
        try
        {
            await tell(new WriteEvent(entry, order, outcome, parts.Time.GetElapsedTime(began)));
        }
        catch (OperationCanceledException)
        {
            // The session ends.
        }
    }

    private void JudgePruning(Func<SessionEvent, ValueTask> tell, CancellationToken cancellationToken)
    {
        if (!state.Book.PruneChanged || state.IsExplaining || !state.MayPrune)
            return;
        var (candidates, ours) = Candidates();
        if (!state.Guard.NeedsExplanation(candidates, ours))
        {
            JudgeCandidates(candidates, ours, null);
            return;
        }
        state.IsExplaining = true;
        _running.Add(ExplainAsync(state.ProjectedRevision!.Value, state.SyncedRevision, tell, cancellationToken));
    }

    private async Task ExplainAsync(long revision, long? synced, Func<SessionEvent, ValueTask> tell, CancellationToken cancellationToken)
    {
        IReadOnlySet<ResourceKey>? changed = null;
        try
        {
            while (synced is { } since)
            {
                try
                {
                    changed = await parts.Store.ChangedSinceAsync(since, cancellationToken);
                    break;
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    Log.CannotExplain(parts.Logger, state.Target.Name, failure);
                    await Task.Delay(TimeSpan.FromSeconds(1), parts.Time, cancellationToken);
                }
            }
            await tell(new ExplainedEvent(revision, changed));
        }
        catch (OperationCanceledException)
        {
            // The session ends.
        }
    }

    private void JudgeCandidates(IReadOnlySet<ResourceKey>? changed)
    {
        var (candidates, ours) = Candidates();
        JudgeCandidates(candidates, ours, changed);
    }

    private void JudgeCandidates(List<PruneCandidate> candidates, int ours, IReadOnlySet<ResourceKey>? changed)
    {
        state.Book.PruneChanged = false;
        state.Guard.Judge(candidates, ours, changed);
        foreach (var candidate in candidates)
        {
            if (state.Book.Find(candidate.Key) is { } entry)
                state.Book.MarkDirty(entry);
        }
    }

    private (List<PruneCandidate> Candidates, int Ours) Candidates()
    {
        var candidates = state.Book.Surplus.Select(static entry => new PruneCandidate(entry.Key, entry.Source)).ToList();
        return (candidates, state.Book.Ours.Count());
    }

    // Refused and held objects are told one by one; the cluster has the revision as far as it takes it.
    private void NoteSynced()
    {
        if (state.ProjectedRevision is not { } revision || !state.IsSettled || state.HasTroubles || state.InFlight > 0 || state.Book.DirtyCount > 0 || IsBusy())
            return;
        if (state.MayPrune ? state.IsExplaining || state.Book.PruneChanged : state.Book.Surplus.Any())
            return;
        state.SyncedRevision = revision;
        state.SyncedAt = parts.Time.GetUtcNow();
    }

    private bool IsBusy() => state.Queue.Count > 0 && state.Book.Entries.Any(static entry => entry.Ticket != 0 && !entry.Contest.IsOn && entry.Obstacle switch
    {
        null => true,
        { State: ObjectState.Pending } => entry.Desired is not null,
        { State: ObjectState.Failed } => entry.Failures < 3,
        _ => false,
    });

    private void Tell(WriteEvent write)
    {
        switch (write.Outcome)
        {
            case Written { IsNew: true }:
                Log.Created(parts.Logger, state.Target.Name, write.Order.Key);
                break;
            case Written when write.Order.Reason == WriteReason.Repair:
                Log.Repaired(parts.Logger, state.Target.Name, write.Order.Key);
                break;
            case NotThere when write.Order.Action == PlannedAction.Delete:
                Log.Deleted(parts.Logger, state.Target.Name, write.Order.Key);
                break;
            case Refused refused:
                Log.Refused(parts.Logger, state.Target.Name, write.Order.Key, refused.Message);
                break;
            case Troubled troubled:
                Log.Troubled(parts.Logger, state.Target.Name, write.Order.Key, troubled.Message);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Made {Object} in cluster {Cluster}")]
        public static partial void Created(ILogger logger, string cluster, ObjectKey @object);

        [LoggerMessage(2, LogLevel.Information, "Put {Object} in cluster {Cluster} right: somebody had changed it")]
        public static partial void Repaired(ILogger logger, string cluster, ObjectKey @object);

        [LoggerMessage(3, LogLevel.Information, "Deleted {Object} in cluster {Cluster}")]
        public static partial void Deleted(ILogger logger, string cluster, ObjectKey @object);

        [LoggerMessage(4, LogLevel.Warning, "Cluster {Cluster} refused {Object}: {Reason}")]
        public static partial void Refused(ILogger logger, string cluster, ObjectKey @object, string reason);

        [LoggerMessage(5, LogLevel.Warning, "Cluster {Cluster} cannot take {Object} at the moment: {Reason}")]
        public static partial void Troubled(ILogger logger, string cluster, ObjectKey @object, string reason);

        [LoggerMessage(6, LogLevel.Error, "Writing {Object} to cluster {Cluster} broke")]
        public static partial void Broke(ILogger logger, string cluster, ObjectKey @object, Exception failure);

        [LoggerMessage(7, LogLevel.Warning, "What changed since cluster {Cluster} was in step cannot be read; nothing is deleted until it is")]
        public static partial void CannotExplain(ILogger logger, string cluster, Exception failure);
    }
}
