using Gatehouse.Sync.Kubernetes.Kubeconfigs;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>What a pod is given to reach its own cluster (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).</summary>
internal sealed record ServiceAccount
{
    /// <summary>Where token and authority lie; both are replaced now and then.</summary>
    public string Directory { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Address of the API server.</summary>
    public string? Host { get; init; } = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");

    /// <summary>Port of the API server.</summary>
    public string? Port { get; init; } = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");

    /// <summary>The way to the cluster.</summary>
    /// <exception cref="KubeconfigException">This is no pod.</exception>
    public ClusterAccess Access(KubernetesClientOptions options)
    {
        if (string.IsNullOrEmpty(Host) || string.IsNullOrEmpty(Port))
            throw new KubeconfigException("The worker does not run in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set. Give the cluster a kubeconfig instead of inCluster.");
        var (token, authority) = (Path.Combine(Directory, "token"), Path.Combine(Directory, "ca.crt"));
        foreach (var file in new[] { token, authority }.Where(file => !File.Exists(file)))
            throw new KubeconfigException($"The worker's pod has no {file}: its service account's token is not mounted (automountServiceAccountToken).");
        // An IPv6 address needs brackets in a URL.
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        if (!Uri.TryCreate($"https://{host}:{Port}", UriKind.Absolute, out var server))
            throw new KubeconfigException("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address and port.");
        return new ClusterAccess
        {
            Endpoint = new ClusterEndpoint { Server = server, Authority = TextSource.File(authority, "the service account") },
            Credentials = new StoredCredential(TextSource.File(token, "the service account"), null, null, "the service account", options),
        };
    }
}
