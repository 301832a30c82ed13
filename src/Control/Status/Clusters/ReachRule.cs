namespace Gatehouse.Control.Status.Clusters;

/// <summary>Whether what is known of a cluster is fresh enough to say anything.</summary>
internal static class ReachRule
{
    public const string NoWorker = "NoWorker";
    public const string Silent = "WorkerSilent";
    public const string Unreachable = "ClusterUnreachable";

    /// <summary>A worker reports each few seconds, whether or not anything changed.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <summary>Why nothing is known now; null: the worker follows the cluster.</summary>
    public static (string Reason, string Message)? Problem(ClusterView view)
    {
        if (view.Report is not { } report)
            return (NoWorker, $"No sync worker has reported on cluster `{view.Cluster}` yet: a platform admin must start one, and see that the cluster exists here.");
        var age = view.Now - report.ReportedAt;
        if (age > Silence)
            return (Silent, $"No sync worker has reported on cluster `{view.Cluster}` for {Ages.Show(age)}: a platform admin must start one, or see why it hangs. What is in the cluster stays there, but changes do not get there.");

        // Why, with addresses and the like, is told to platform admins: by the status of the Cluster itself.
        return report.Reachable
            ? null
            : (Unreachable, $"The sync worker cannot reach cluster `{view.Cluster}`: a platform admin must see whether its API server answers and the credentials are valid; the status of Cluster `{view.Cluster}` says more. What is in the cluster stays there, but changes do not get there.");
    }
}
