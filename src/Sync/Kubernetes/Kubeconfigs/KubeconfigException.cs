namespace Gatehouse.Sync.Kubernetes.Kubeconfigs;

/// <summary>A kubeconfig cannot be used. The message names what to change, and holds no values of the kubeconfig that may be secret.</summary>
internal sealed class KubeconfigException(string message, Exception? inner = null) : Exception(message, inner);
