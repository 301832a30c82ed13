using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;
using Gatehouse.Sync.Rivals;
using Gatehouse.Sync.Writing;

namespace Gatehouse.Sync.Clusters;

/// <summary>Everything that a session's loop owns. No other thread reads or changes it.</summary>
internal sealed class SessionState
{
    private readonly Dictionary<string, WatchTroubled> _troubles = new(StringComparer.Ordinal);

    public SessionState(ClusterTarget target, ClusterReport? stored, TimeProvider time, int writesAtOnce)
    {
        Target = target;
        Stored = stored;
        Guard = new PruneGuard(stored?.Held is not null);
        Book = new ObjectBook(target.Id.ToString());
        Queue = new WriteQueue(time);
        Pace = new Pace(target.WritesPerSecond, writesAtOnce, time, Random.Shared.NextDouble);
        Judge = new ObjectJudge(Book, Queue, Guard, time);
        Outcomes = new Outcomes(Book, Pace, time, Random.Shared.NextDouble);
        SyncedRevision = stored?.SyncedRevision;
        SyncedAt = stored?.SyncedAt;
        ServerVersion = stored?.ServerVersion;
    }

    public ClusterTarget Target { get; }

    /// <summary>The report as it was stored when the session began; null: there was none.</summary>
    public ClusterReport? Stored { get; }

    public ObjectBook Book { get; }

    public WriteQueue Queue { get; }

    public Pace Pace { get; }

    public ObjectJudge Judge { get; }

    public Outcomes Outcomes { get; }

    public PruneGuard Guard { get; }

    public ClusterFindings Findings { get; } = new();

    public DesiredState? Desired { get; set; }

    /// <summary>Revision that the projection is of; null: there is none yet.</summary>
    public long? ProjectedRevision { get; set; }

    public ClusterProjection? Projection { get; set; }

    public ShardAssignments Shards { get; set; } = ShardAssignments.None;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Addresses { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    public bool NeedsProjection { get; set; }

    /// <summary>Which hostnames others serve in the cluster.</summary>
    public RivalHosts Rivals { get; private set; } = RivalHosts.None;

    /// <summary>The last probe of each route.</summary>
    public Dictionary<ResourceKey, ReportedProbe> Probes { get; } = [];

    /// <summary>Why nothing can be projected; null: nothing is wrong.</summary>
    public string? ProjectionFailure { get; set; }

    public int InFlight { get; set; }

    public bool IsExplaining { get; set; }

    public string? ServerVersion { get; set; }

    public string? VersionFailure { get; set; }

    public long? SyncedRevision { get; set; }

    public DateTimeOffset? SyncedAt { get; set; }

    /// <summary>Watches that have answered at least once since the session began.</summary>
    public HashSet<string> Answered { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the API answers: at least one watch works, or none was tried yet and the version was told.</summary>
    public bool IsReachable => Answered.Except(_troubles.Keys).Any() || (Answered.Count == 0 && _troubles.Count == 0 && ServerVersion is not null && VersionFailure is null);

    /// <summary>Whether the cluster's Gateway API was looked at.</summary>
    public bool IsLoaded => Findings.AreComplete && Projection is not null && AreAllSynced;

    public bool AreAllSynced => Findings.AreComplete && WatchedKinds.Count > 0 && WatchedKinds.All(Book.IsSynced);

    /// <summary>Kinds of which objects of ours may be in the cluster.</summary>
    public HashSet<string> WatchedKinds { get; } = new(StringComparer.Ordinal);

    public string? Problem => ProjectionFailure
        ?? (_troubles.Count > 0 ? $"{string.Join(", ", _troubles.Keys.Order(StringComparer.Ordinal).Take(3))}: {_troubles.OrderBy(static pair => pair.Key, StringComparer.Ordinal).First().Value.Failure}" : null)
        ?? VersionFailure
        ?? (Findings.AreComplete && Findings.Versions.Count == 0 ? "Gateway API is not installed in the cluster: install its CRDs." : null);

    /// <summary>Notes that a watch does not work; true: that is news.</summary>
    public bool NoteTrouble(WatchTroubled trouble)
    {
        var isNews = _troubles.GetValueOrDefault(trouble.Watch)?.Failure != trouble.Failure;
        _troubles[trouble.Watch] = trouble;
        return isNews;
    }

    /// <summary>Notes that a watch works; true: that is news.</summary>
    public bool NoteLife(string watch) => Answered.Add(watch) | _troubles.Remove(watch);

    /// <summary>Whether a watch does not work: what the cluster has may not be what is known of it.</summary>
    public bool HasTroubles => _troubles.Count > 0;

    /// <summary>Takes what others serve now; what that may concern is reported anew.</summary>
    public void TakeRivals(RivalHosts rivals)
    {
        if (rivals.IsSame(Rivals))
            return;
        Rivals = rivals;
        Book.TouchedSources.UnionWith((Projection?.Sources.Keys ?? []).Where(static source => RivalReports.Concern(source.Kind)));
    }

    public void ForgetTrouble(string watch) => _troubles.Remove(watch);

    /// <summary>Whether objects may be deleted: everything is known, of the cluster as of what is meant.</summary>
    public bool MayPrune => IsSettled && Desired is { IsComplete: true };

    /// <summary>Whether the newest state is projected and the cluster was read.</summary>
    public bool IsSettled => Projection is not null && ProjectionFailure is null && !NeedsProjection && AreAllSynced;

}
