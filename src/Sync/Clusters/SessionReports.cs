using System.Text.Json;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Reporting;
using Gatehouse.Sync.Telemetry;

namespace Gatehouse.Sync.Clusters;

/// <summary>Stores how the cluster and its objects stand: a few times a second at most, one at a time, and only what changed.</summary>
internal sealed partial class SessionReports(SessionParts parts, SessionState state, StoredReports stored)
{
    private const int MostAtOnce = 2_000;

    private readonly ObjectReports _objects = new(state, stored, parts.Time);
    private IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> _sending = new Dictionary<ResourceKey, ClusterObjectReport?>();
    private string _storedReport = "";
    private string _sendingReport = "";
    private long _storedAt;
    private long _triedAt;
    private bool _isSending;
    private bool _isFirst = true;

    /// <summary>The cluster as it stands.</summary>
    public ClusterReport Current { get; private set; } = new() { Reachable = false };

    /// <summary>How long until the next report may be stored; null: one is being stored.</summary>
    public TimeSpan? Wait => _isSending ? null : Remaining(_triedAt, parts.Options.ReportPeriod);

    /// <summary>Stores what changed, if it is time.</summary>
    public void Send(Func<SessionEvent, ValueTask> tell, CancellationToken cancellationToken)
    {
        if (_isSending || Remaining(_triedAt, parts.Options.ReportPeriod) > TimeSpan.Zero)
            return;
        _triedAt = parts.Time.GetTimestamp();
        Current = Build();
        SetGauges();
        var comparable = JsonSerializer.Serialize(Current with { ReportedAt = default, SyncedAt = null });
        var changed = TakeChanged();
        if (changed.Count == 0 && comparable == _storedReport && Remaining(_storedAt, parts.Options.Heartbeat) > TimeSpan.Zero)
            return;
        (_isSending, _sending, _sendingReport) = (true, changed, comparable);
        _ = StoreAsync(Current, changed, tell, cancellationToken);
    }

    public void Take(ReportedEvent reported)
    {
        _isSending = false;
        if (reported.IsStored)
        {
            stored.Note(_sending);
            (_storedReport, _storedAt) = (_sendingReport, parts.Time.GetTimestamp());
        }
        else
        {
            state.Book.TouchedSources.UnionWith(_sending.Keys);
        }
    }

    private async Task StoreAsync(ClusterReport report, IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> changed, Func<SessionEvent, ValueTask> tell, CancellationToken cancellationToken)
    {
        var isStored = false;
        try
        {
            await parts.Store.SaveReportsAsync(parts.Fence.Lease, report, changed, cancellationToken);
            isStored = true;
        }
        catch (LeaseLostException)
        {
            parts.Fence.Close();
            return;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotStored(parts.Logger, state.Target.Name, failure);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        try
        {
            if (!isStored)
                await Task.Delay(TimeSpan.FromSeconds(1), parts.Time, cancellationToken);
            await tell(new ReportedEvent(isStored));
        }
        catch (OperationCanceledException)
        {
            // The session ends.
        }
    }

    private Dictionary<ResourceKey, ClusterObjectReport?> TakeChanged()
    {
        var changed = new Dictionary<ResourceKey, ClusterObjectReport?>();
        if (!state.IsLoaded)
            return changed;

        // What an earlier session reported of objects that do not concern the cluster any more.
        if (_isFirst)
            state.Book.TouchedSources.UnionWith(stored.Keys);
        _isFirst = false;
        foreach (var source in state.Book.TouchedSources.Take(MostAtOnce).ToList())
        {
            state.Book.TouchedSources.Remove(source);
            var report = _objects.Of(source);
            if (report is null ? stored.Keys.Contains(source) : stored.Differs(source, report))
                changed[source] = report;
        }
        return changed;
    }

    // What is not known yet is told as it was stored last.
    private ClusterReport Build()
    {
        var last = state.Stored ?? new ClusterReport { Reachable = false };
        var isKnown = state.Findings.AreComplete;
        return last with
        {
            Reachable = state.IsReachable,
            Problem = state.Problem,
            ServerVersion = state.ServerVersion,
            BundleVersion = isKnown ? state.Findings.Bundle : last.BundleVersion,
            Channel = isKnown ? state.Findings.Channel : last.Channel,
            Versions = isKnown ? state.Findings.Versions : last.Versions,
            Classes = isKnown ? [.. state.Findings.Classes] : last.Classes,
            Objects = state.AreAllSynced ? CountOurs() : last.Objects,
            SyncedRevision = state.SyncedRevision,
            SyncedAt = state.SyncedAt,
            Queue = state.Queue.Count + state.InFlight,
            Failed = state.Book.Entries.Count(static entry => ObjectReports.StandingOf(entry).State is ObjectState.Failed or ObjectState.Foreign or ObjectState.Conflict),
            Held = state.MayPrune ? state.Guard.Held : state.Guard.Held ?? last.Held,
            Leader = parts.Options.Holder,
            IsLoaded = state.IsLoaded,
            Generation = state.Target.Generation,
            ReportedAt = parts.Time.GetUtcNow(),
        };
    }

    private Dictionary<string, int> CountOurs() =>
        state.Book.Ours.GroupBy(static entry => entry.Key.Kind).OrderBy(static kind => kind.Key, StringComparer.Ordinal).ToDictionary(static kind => kind.Key, static kind => kind.Count());

    private void SetGauges() => parts.Metrics.Set(state.Target.Name, new ClusterGauges(
        Current.Queue,
        Current.Failed,
        Math.Max(0, (state.Desired?.Revision ?? 0) - (Current.SyncedRevision ?? 0)),
        Current.SyncedRevision ?? 0,
        parts.Fence.Lease.Epoch,
        Current.Reachable));

    private TimeSpan Remaining(long since, TimeSpan period) => since == 0 ? TimeSpan.Zero : period - parts.Time.GetElapsedTime(since);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "How cluster {Cluster} stands cannot be stored; it is tried again")]
        public static partial void NotStored(ILogger logger, string cluster, Exception failure);
    }
}
