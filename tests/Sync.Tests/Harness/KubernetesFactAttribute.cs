using Xunit;

namespace Gatehouse.Sync.Tests.Harness;

/// <summary>A test against a real API server, the one of GATEHOUSE_TEST_KUBECONFIG: without it, it is skipped and says so, but under CI it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubernetesFactAttribute : FactAttribute
{
    public KubernetesFactAttribute() => Skip = KubernetesNeeded.Reason;
}

/// <summary>As <see cref="KubernetesFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubernetesTheoryAttribute : TheoryAttribute
{
    public KubernetesTheoryAttribute() => Skip = KubernetesNeeded.Reason;
}

internal static class KubernetesNeeded
{
    /// <summary>Why tests against a cluster are skipped; null: they run.</summary>
    public static string? Reason => TestCluster.KubeconfigPath is null && Environment.GetEnvironmentVariable("CI") != "true"
        ? "No Kubernetes API here: set GATEHOUSE_TEST_KUBECONFIG to the kubeconfig of a disposable one with Gateway API's CRDs. Nothing was applied to a cluster."
        : null;
}
