using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Sync.Clusters;

/// <summary>The worker is ready once it has a compiled state to work from; it stays so when the database is away later.</summary>
internal sealed class CompiledCheck(IDesiredStates desiredStates) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(desiredStates.Current is null ? HealthCheckResult.Unhealthy("nothing is compiled yet") : HealthCheckResult.Healthy());
}
