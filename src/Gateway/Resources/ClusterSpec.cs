namespace Gatehouse.Gateway.Resources;

/// <summary>
/// A Kubernetes cluster that Gateways can run in. Its credentials are not part of it: an uploaded kubeconfig lies encrypted beside it and
/// is never shown.
/// </summary>
public sealed record ClusterSpec
{
    /// <summary>Whether the worker itself runs in the cluster and uses its service account; excludes a kubeconfig.</summary>
    public bool? InCluster { get; init; }

    /// <summary>Kubeconfig files on the worker's machine, merged as kubectl merges KUBECONFIG; at most 8. Excludes an uploaded kubeconfig.</summary>
    public IReadOnlyList<string>? KubeconfigFiles { get; init; }

    /// <summary>Context of the kubeconfig; absent: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>Put before a tenant's name where its Namespace is made for it; default none.</summary>
    public string? NamespacePrefix { get; init; }

    /// <summary>Repair (default): what others change in our objects is put right. Report: it is shown.</summary>
    public string? Drift { get; init; }

    /// <summary>Most writes a second, 1–5,000; default 200.</summary>
    public int? MaxWritesPerSecond { get; init; }

    /// <summary>Private address ranges that Backends may lie in; at most 64. Public addresses always may; loopback and link-local never.</summary>
    public IReadOnlyList<string>? BackendAllow { get; init; }
}

/// <summary>Names of ClusterNamespaces: no name of a cluster has a dot.</summary>
public static class ClusterNamespaceName
{
    /// <summary>Name of the object that says which Namespace a tenant has.</summary>
    public static string Of(string cluster, string tenant) => $"{cluster}.{tenant}";

    /// <summary>The two parts of such a name.</summary>
    public static (string Cluster, string Tenant) Split(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
    }
}

/// <summary>Which Namespace of a cluster is a tenant's.</summary>
public sealed record ClusterNamespaceSpec
{
    /// <summary>Name of the Namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Created (default): made, and deleted once nothing foreign is left in it. Adopted: it was there before and is never labelled, changed or deleted.</summary>
    public string? Mode { get; init; }

    /// <summary>Repair or Report, for the tenant's objects there; absent: what the class or cluster says.</summary>
    public string? Drift { get; init; }
}
