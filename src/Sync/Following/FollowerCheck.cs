using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Sync.Following;

/// <summary>The worker is ready once it has a compiled state to work from; it stays so when the database is away later.</summary>
internal sealed class FollowerCheck(FollowedState followed) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(followed.Revision is null ? HealthCheckResult.Unhealthy("nothing is compiled yet") : HealthCheckResult.Healthy());
}
