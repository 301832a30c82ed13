using Gatehouse.Sync.Kubernetes;

namespace Gatehouse.Sync.Reporting;

/// <summary>Says in one line what went wrong.</summary>
internal static class Failures
{
    private const int Longest = 1_000;

    public static string Describe(Exception failure) => failure switch
    {
        KubernetesException { Status: 0 } => $"The cluster's API does not answer: {OneLine(failure.Message)}",
        KubernetesException { Status: 401 } => $"The cluster's API does not take the credentials: {OneLine(failure.Message)} Upload a current kubeconfig.",
        KubernetesException { Status: 403 } => $"The worker's account lacks rights in the cluster: {OneLine(failure.Message)} Grant them with the manifests under infra/.",
        KubernetesException refused => $"The cluster answered {refused.Status} {refused.Reason}: {OneLine(refused.Message)}",
        OperationCanceledException => "The cluster's API did not answer in time.",
        _ => $"{failure.GetType().Name}: {OneLine(failure.Message)}",
    };

    public static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= Longest ? line : string.Concat(line.AsSpan(0, Longest), "…");
    }
}
