using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Sync.Clusters;

/// <summary>
/// Names the clusters that do not answer or are not as they should be. That makes the worker no less ready: it can do nothing about a
/// cluster that is away, and works for the others.
/// </summary>
internal sealed class ClustersCheck(ClusterSupervisor supervisor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var troubles = supervisor.Clusters.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Where(static pair => pair.Value is { } report && (!report.Reachable || report.Problem is not null || report.Held is not null))
            .Select(static pair => $"{pair.Key}: {(pair.Value!.Reachable ? pair.Value.Problem ?? "deletions are held" : "not reachable")}").ToList();
        return Task.FromResult(troubles.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", troubles)));
    }
}
