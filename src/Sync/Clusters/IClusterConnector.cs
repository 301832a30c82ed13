using Gatehouse.Sync.Kubernetes;

namespace Gatehouse.Sync.Clusters;

/// <summary>Opens the API of a cluster.</summary>
internal interface IClusterConnector
{
    /// <summary>Reads credentials and makes a client; talks to nobody yet.</summary>
    /// <param name="target">The cluster.</param>
    /// <param name="kubeconfig">Uploaded kubeconfig; null: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IKubernetesApi> ConnectAsync(ClusterTarget target, byte[]? kubeconfig, CancellationToken cancellationToken);
}
