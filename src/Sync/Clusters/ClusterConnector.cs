using System.Text;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;

namespace Gatehouse.Sync.Clusters;

/// <summary>Opens clusters as their spec says: by an uploaded kubeconfig, by files of this machine, or from within.</summary>
internal sealed class ClusterConnector : IClusterConnector
{
    // Requests are not repeated below the queue: it knows what is still meant, and whether this worker still leads.
    private static readonly KubernetesClients Clients = new(new KubernetesClientOptions { Tries = 1 });

    public async Task<IKubernetesApi> ConnectAsync(ClusterTarget target, byte[]? kubeconfig, CancellationToken cancellationToken)
    {
        if (target.Spec.InCluster == true)
            return Clients.InCluster();
        if (target.Spec.KubeconfigFiles is { Count: > 0 } files)
            return await Clients.FromFilesAsync(files, target.Spec.Context, KubeconfigRules.Operator, cancellationToken);
        return kubeconfig is null
            ? throw new KubeconfigException($"Cluster {target.Name} has no kubeconfig: upload one, or name files on the worker's machine.")
            : Clients.FromText(Encoding.UTF8.GetString(kubeconfig), target.Spec.Context, KubeconfigRules.Uploaded);
    }
}
