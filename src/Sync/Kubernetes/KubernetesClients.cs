using Gatehouse.Sync.Kubernetes.Access;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;

namespace Gatehouse.Sync.Kubernetes;

/// <summary>Makes clients of clusters. Nothing is asked of a cluster yet.</summary>
internal sealed class KubernetesClients(KubernetesClientOptions options)
{
    /// <summary>From a kubeconfig's text.</summary>
    /// <param name="kubeconfig">Text.</param>
    /// <param name="context">Context; null: the current one.</param>
    /// <param name="rules">What it may do on this machine.</param>
    /// <exception cref="KubeconfigException">It cannot be used; the message says what to change.</exception>
    public IKubernetesApi FromText(string kubeconfig, string? context, KubeconfigRules rules) =>
        new KubernetesApi(Kubeconfig.Parse(kubeconfig).Select(context, rules, options), options);

    /// <summary>From kubeconfig files, merged as kubectl merges KUBECONFIG.</summary>
    /// <param name="files">Paths.</param>
    /// <param name="context">Context; null: the current one.</param>
    /// <param name="rules">What they may do on this machine.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeconfigException">They cannot be used; the message says what to change.</exception>
    public async Task<IKubernetesApi> FromFilesAsync(IReadOnlyList<string> files, string? context, KubeconfigRules rules, CancellationToken cancellationToken) =>
        new KubernetesApi((await Kubeconfig.ReadAsync(files, cancellationToken)).Select(context, rules, options), options);

    /// <summary>Of the cluster that the worker itself runs in.</summary>
    /// <param name="account">Service account; null: this pod's.</param>
    /// <exception cref="KubeconfigException">This is no pod.</exception>
    public IKubernetesApi InCluster(ServiceAccount? account = null) => new KubernetesApi((account ?? new ServiceAccount()).Access(options), options);
}
