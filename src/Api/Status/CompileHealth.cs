using Gatehouse.Control.Compiling;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Api.Status;

/// <summary>Whether everything was compiled once, so that feed and statuses tell the truth.</summary>
internal sealed class CompileHealth(CompileHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(host.Current.IsLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("nothing is compiled yet"));
}
