namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>Waits that double up to a limit, each cut by up to half at random so that clients do not come back together.</summary>
internal static class Backoff
{
    /// <summary>The wait after a number of failures in a row.</summary>
    public static TimeSpan After(int failures, KubernetesClientOptions options)
    {
        var doubled = options.BackoffStart * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        var wait = doubled < options.BackoffLimit ? doubled : options.BackoffLimit;
        return wait * (1 - (Random.Shared.NextDouble() / 2));
    }
}
