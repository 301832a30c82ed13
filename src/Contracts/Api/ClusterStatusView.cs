namespace Gatehouse.Contracts.Api;

/// <summary>A Kubernetes cluster as its sync worker sees it. What no worker has reported yet is absent.</summary>
public sealed record ClusterStatusView
{
    /// <summary>How the worker gets in: kubeconfig, kubeconfigFiles or inCluster.</summary>
    public string? Credentials { get; init; }

    /// <summary>Whether an uploaded kubeconfig is stored. It is never shown.</summary>
    public bool? KubeconfigStored { get; init; }

    /// <summary>Version of the API server.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Gateway API as it is installed there.</summary>
    public ClusterGatewayApiView? GatewayApi { get; init; }

    /// <summary>GatewayClasses of the cluster.</summary>
    public IReadOnlyList<ClusterClassView>? Classes { get; init; }

    /// <summary>Number of objects of ours by kind.</summary>
    public IReadOnlyDictionary<string, int>? Objects { get; init; }

    /// <summary>When everything in the cluster was last as it should be.</summary>
    public DateTimeOffset? LastSyncAt { get; init; }

    /// <summary>How far the cluster is behind; absent: it was never in sync.</summary>
    public ClusterLagView? Lag { get; init; }

    /// <summary>Objects that wait to be written or deleted.</summary>
    public int? Queue { get; init; }

    /// <summary>Objects that cannot be written.</summary>
    public int? Failed { get; init; }

    /// <summary>The worker that leads.</summary>
    public string? Leader { get; init; }

    /// <summary>When the worker last reported.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Deletions that are held; absent: none are.</summary>
    public ClusterHeldView? Held { get; init; }
}

/// <summary>Gateway API in a cluster.</summary>
/// <param name="BundleVersion">Version of the CRDs' bundle, such as <c>v1.6.1</c>.</param>
/// <param name="Channel">standard or experimental.</param>
/// <param name="Versions">Served versions by kind, best first.</param>
public sealed record ClusterGatewayApiView(string? BundleVersion, string? Channel, IReadOnlyDictionary<string, IReadOnlyList<string>> Versions);

/// <summary>A GatewayClass of a cluster.</summary>
/// <param name="Name">Name.</param>
/// <param name="ControllerName">Controller.</param>
/// <param name="Accepted">What its controller says: True, False or Unknown.</param>
/// <param name="SupportedFeatures">Upstream's names of features; absent: the controller does not say.</param>
public sealed record ClusterClassView(string Name, string ControllerName, string Accepted, IReadOnlyList<string>? SupportedFeatures);

/// <summary>How far a cluster is behind.</summary>
/// <param name="Revisions">Revisions that it does not have entirely.</param>
/// <param name="Seconds">Seconds since it was last in sync; 0 while it is.</param>
public sealed record ClusterLagView(long Revisions, double Seconds);

/// <summary>Deletions that are held, because too much would go at once.</summary>
/// <param name="Count">Objects that would be deleted.</param>
/// <param name="Of">Objects that there are.</param>
/// <param name="Reason">Why they are held.</param>
/// <param name="Token">What confirms exactly these deletions: <c>POST /clusters/{name}/prune</c>.</param>
public sealed record ClusterHeldView(int Count, int Of, string Reason, string Token);
