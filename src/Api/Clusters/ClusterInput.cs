namespace Gatehouse.Api.Clusters;

/// <summary>The spec of a Cluster as it is written; what is stored and shown has no kubeconfig. There is exactly one way to a cluster.</summary>
internal sealed record ClusterInput
{
    /// <summary>Name of <see cref="Kubeconfig"/> in JSON.</summary>
    public const string SecretField = "kubeconfig";

    /// <summary>
    /// A kubeconfig, as YAML or JSON text of at most 256 KiB, with everything in it (<c>kubectl config view --raw --flatten</c>). Absent: the one
    /// that is stored stays, unless kubeconfigFiles or inCluster takes its place.
    /// </summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Kubeconfig files on the sync worker's machine, merged as kubectl merges KUBECONFIG.</summary>
    public IReadOnlyList<string>? KubeconfigFiles { get; init; }

    /// <summary>Whether the sync worker itself runs in the cluster and uses its service account.</summary>
    public bool? InCluster { get; init; }

    /// <summary>Context of the kubeconfig; absent: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>Put before a tenant's name where its Namespace is made for it; default none.</summary>
    public string? NamespacePrefix { get; init; }

    /// <summary>Repair (default): what others change in our objects is put right. Report: it is shown.</summary>
    public string? Drift { get; init; }

    /// <summary>Most writes a second, 1 to 5,000; default 200.</summary>
    public int? MaxWritesPerSecond { get; init; }

    /// <summary>Private address ranges that Backends may lie in; at most 64.</summary>
    public IReadOnlyList<string>? BackendAllow { get; init; }
}
