using System.Globalization;
using Gatehouse.Control.Status;

namespace Gatehouse.Control.Clusters;

/// <summary>The conditions of a cluster. Each says who must act.</summary>
internal static class ClusterRules
{
    public const string Reachable = "Reachable";
    public const string GatewayApi = "GatewayApi";
    public const string Synced = "Synced";
    public const string Held = "Held";

    /// <summary>The newest bundle whose fields and rules are known here; a newer one serves what this one does.</summary>
    private const int NewestMinor = 6;

    /// <summary>All conditions, in their order.</summary>
    public static IReadOnlyList<(string Type, Verdict Verdict)> Of(ClusterFacts view) =>
    [
        (ConditionType.Accepted, OfAccepted(view)),
        (Reachable, OfReachable(view)),
        (GatewayApi, OfGatewayApi(view)),
        (Synced, OfSynced(view)),
        (Held, OfHeld(view)),
    ];

    /// <summary>Whether a tenant's Namespace is as it should be.</summary>
    public static Verdict OfNamespace(string cluster, ClusterReport? report, ClusterObjectReport? known, long generation, DateTimeOffset now)
    {
        if (report is null || report.IsSilent(now))
            return NoWorker(cluster, report);
        if (known is null || known.Generation < generation)
            return Verdict.Unknown("Pending", "The sync worker has not said anything of it yet: it does once the tenant has something in the cluster.");
        if (known.Problems.FirstOrDefault(static problem => problem.IsRefused) is { } refused)
            return Verdict.False(refused.Reason, refused.Message);
        return known.Objects.FirstOrDefault(static item => item.State != ObjectState.Applied) is { } other
            ? Verdict.False(other.State, other.Message ?? $"{other.Kind} `{other.Name}` is {other.State}.")
            : Verdict.True("Synced", "The cluster has it as it should be.");
    }

    private static Verdict OfAccepted(ClusterFacts view) => view.KeyFault is { } fault
        ? Verdict.False("CredentialsUnreadable", fault)
        : Verdict.True("Accepted", "The cluster is set up.");

    private static Verdict OfReachable(ClusterFacts view)
    {
        if (Unheard(view) is { } unheard)
            return unheard;
        var report = view.Report!;
        if (report.Reachable)
            return Verdict.True("Reachable", $"The API server answers{(report.ServerVersion is { } version ? $"; it is {version}" : "")}.");
        return Verdict.False("Unreachable", report.Problem ?? "The API server does not answer: a platform admin must look at the cluster and its kubeconfig.");
    }

    private static Verdict OfGatewayApi(ClusterFacts view)
    {
        if (Unheard(view) is { } unheard)
            return unheard;
        var report = view.Report!;
        if (report.BundleVersion is not { } bundle)
        {
            return report.Reachable
                ? Verdict.False("NotInstalled", $"Cluster `{view.Name}` has no Gateway API: a platform admin must install its CRDs there (https://gateway-api.sigs.k8s.io/guides/getting-started/).")
                : Verdict.Unknown("Unreachable", "The API server has not answered yet.");
        }
        if (MinorOf(bundle) is not { } minor)
            return Verdict.False("UnsupportedVersion", $"Cluster `{view.Name}` has Gateway API {bundle}: a platform admin must install a release v1 of its CRDs there.");
        var channel = report.Channel is { } name ? $" ({name} channel)" : "";
        return Verdict.True("Supported", minor > NewestMinor
            ? $"Gateway API {bundle}{channel} is installed; what is newer than v1.{NewestMinor} is not used."
            : $"Gateway API {bundle}{channel} is installed.");
    }

    private static Verdict OfSynced(ClusterFacts view)
    {
        if (Unheard(view) is { } unheard)
            return unheard;
        var report = view.Report!;
        if (!report.IsLoaded)
            return Verdict.Unknown("Loading", "The sync worker has not seen all of the cluster since it took over.");
        if (report.Held is not null)
            return Verdict.False(Held, "Deletions are held; see the condition Held.");
        if (report.Failed > 0)
            return Verdict.False("ObjectsFailed", string.Create(CultureInfo.InvariantCulture, $"{report.Failed} object(s) cannot be written; the statuses of what they are made of say why."));
        return view.IsInSync
            ? Verdict.True("Synced", string.Create(CultureInfo.InvariantCulture, $"The cluster has everything of revision {report.SyncedRevision}."))
            : Verdict.False("Behind", string.Create(CultureInfo.InvariantCulture, $"{view.RevisionsBehind} revision(s) behind, {report.Queue} object(s) wait, {view.SecondsBehind:0} s since it was in sync."));
    }

    private static Verdict OfHeld(ClusterFacts view)
    {
        if (Unheard(view) is { } unheard)
            return unheard;
        return view.Report!.Held is { } held
            ? Verdict.True("DeletionsHeld", string.Create(CultureInfo.InvariantCulture, $"{held.Reason} {held.Count} of {held.Of} objects would be deleted: if that is meant, a platform admin confirms it with POST /api/v1/clusters/{view.Name}/prune and the token {held.Token}."))
            : Verdict.False("NothingHeld", "No deletion is held.");
    }

    /// <summary>Why nothing is known of the cluster as it is configured now; null: it is.</summary>
    private static Verdict? Unheard(ClusterFacts view)
    {
        if (view.Report is not { } report || report.IsSilent(view.Now))
            return NoWorker(view.Name, view.Report);
        return report.Generation < view.Generation
            ? Verdict.Unknown("Pending", "The sync worker has not taken up what was written last.")
            : null;
    }

    private static Verdict NoWorker(string cluster, ClusterReport? report) => report is null
        ? Verdict.Unknown("NoWorker", $"No sync worker has reported on cluster `{cluster}`: a platform admin must run one that reaches this database.")
        : Verdict.Unknown("WorkerSilent", $"The sync worker{(report.Leader is { } leader ? $" `{leader}`" : "")} has said nothing of cluster `{cluster}` for more than {ClusterReport.SilentAfter.TotalSeconds:0} s: a platform admin must see that one runs.");

    /// <summary>The minor version of a release v1; null: it is none.</summary>
    private static int? MinorOf(string bundle)
    {
        var parts = bundle.TrimStart('v').Split('.', '-', '+');
        return parts is ["1", var minor, ..] && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
