using Xunit;

namespace Gatehouse.EndToEnd.Clusters;

/// <summary>A test against the API server of GATEHOUSE_TEST_KUBECONFIG: without it, it is skipped and says so, but under CI it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = ApiServer.KubeconfigPath is null && Environment.GetEnvironmentVariable("CI") != "true"
        ? "No Kubernetes API here: set GATEHOUSE_TEST_KUBECONFIG to the kubeconfig of a disposable one with Gateway API's CRDs. No worker was tried."
        : null;
}
