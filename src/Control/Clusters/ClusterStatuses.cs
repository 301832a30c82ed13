using Gatehouse.Contracts.Api;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Clusters;

/// <summary>The status of Clusters and ClusterNamespaces: facts that workers reported, and what follows from them now.</summary>
internal sealed class ClusterStatuses(IClusterReports reports, PrivateKeyFaults faults, CompileHost host, TransitionTimes times, TimeProvider clock)
{
    /// <summary>Whether a kind's status is this one's to tell.</summary>
    public static bool Tells(string kind) => kind is ResourceKind.Cluster or ResourceKind.ClusterNamespace;

    /// <summary>Status, and the types of conditions that stay False until somebody writes something.</summary>
    public (ObjectStatus Status, IReadOnlySet<string> Final) Of(ResourceKey key, long generation, DateTimeOffset updatedAt) =>
        key.Kind == ResourceKind.Cluster ? OfCluster(key, generation, updatedAt) : OfNamespace(key, generation, updatedAt);

    private (ObjectStatus Status, IReadOnlySet<string> Final) OfCluster(ResourceKey key, long generation, DateTimeOffset updatedAt)
    {
        var now = clock.GetUtcNow();
        var report = reports.Of(key.Name);
        var view = new ClusterFacts(key.Name, generation, report, host.Current.Revision, now) { KeyFault = faults.OfCluster(key.Name) };
        var verdicts = ClusterRules.Of(view);
        var causedAt = report?.ReportedAt > updatedAt ? report.ReportedAt : updatedAt;
        var status = new ObjectStatus
        {
            Conditions = [.. verdicts.Select(pair => Show(key, pair.Verdict, pair.Type, generation, causedAt))],
            Cluster = report is null ? new ClusterStatusView() : Facts(report, view),
        };
        return (status, verdicts.Where(static pair => pair.Verdict.Final).Select(static pair => pair.Type).ToHashSet(StringComparer.Ordinal));
    }

    private (ObjectStatus Status, IReadOnlySet<string> Final) OfNamespace(ResourceKey key, long generation, DateTimeOffset updatedAt)
    {
        var (cluster, _) = ClusterNamespaceName.Split(key.Name);
        var accepted = Verdict.True("Accepted", "The Namespace is the tenant's in this cluster.");
        var synced = ClusterRules.OfNamespace(cluster, reports.Of(cluster), reports.Of(cluster, key), generation, clock.GetUtcNow());
        var status = new ObjectStatus
        {
            Conditions = [Show(key, accepted, ConditionType.Accepted, generation, updatedAt), Show(key, synced, ClusterRules.Synced, generation, updatedAt)],
        };
        return (status, new HashSet<string>());
    }

    private ObjectCondition Show(ResourceKey key, Verdict verdict, string type, long generation, DateTimeOffset causedAt) => new()
    {
        Type = type,
        Status = verdict.Status,
        Reason = verdict.Reason,
        Message = verdict.Message,
        ObservedGeneration = generation,
        LastTransitionTime = times.Of(key, type, verdict.Status, 0, causedAt),
    };

    private static ClusterStatusView Facts(ClusterReport report, ClusterFacts view) => new()
    {
        ServerVersion = report.ServerVersion,
        GatewayApi = report.BundleVersion is null && report.Versions.Count == 0 ? null : new(report.BundleVersion, report.Channel, report.Versions),
        Classes = [.. report.Classes.Select(static item => new ClusterClassView(
            item.Name, item.ControllerName, item.Conditions.FirstOrDefault(static condition => condition.Type == ConditionType.Accepted)?.Status ?? "Unknown", item.SupportedFeatures))],
        Objects = report.Objects,
        LastSyncAt = report.SyncedAt,
        Lag = report.SyncedRevision is null ? null : new ClusterLagView(view.RevisionsBehind, view.SecondsBehind),
        Queue = report.Queue,
        Failed = report.Failed,
        Leader = report.Leader,
        ReportedAt = report.ReportedAt,
        Held = report.Held is { } held ? new ClusterHeldView(held.Count, held.Of, held.Reason, held.Token) : null,
    };
}

/// <summary>What the conditions of a cluster are derived from, taken at one moment.</summary>
/// <param name="Name">Name of the Cluster.</param>
/// <param name="Generation">Generation of the Cluster.</param>
/// <param name="Report">What a worker reported; null: none has.</param>
/// <param name="Revision">Revision that is compiled.</param>
/// <param name="Now">Now.</param>
internal sealed record ClusterFacts(string Name, long Generation, ClusterReport? Report, long Revision, DateTimeOffset Now)
{
    /// <summary>Why the stored kubeconfig cannot be read; null: nothing is known to be wrong.</summary>
    public string? KeyFault { get; init; }

    /// <summary>Revisions that the cluster does not have entirely.</summary>
    public long RevisionsBehind => Math.Max(0, Revision - (Report?.SyncedRevision ?? 0));

    /// <summary>Whether everything that is compiled is in the cluster.</summary>
    public bool IsInSync => Report is { IsLoaded: true, Queue: 0, Failed: 0, Held: null, SyncedRevision: { } synced } && synced >= Revision;

    /// <summary>Seconds since it was last in sync.</summary>
    public double SecondsBehind => IsInSync || Report?.SyncedAt is not { } at ? 0 : Math.Max(0, Math.Round((Now - at).TotalSeconds, 1));
}
