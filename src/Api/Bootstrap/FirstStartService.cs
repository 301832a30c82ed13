using Gatehouse.Api.Database;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Api.Bootstrap;

/// <summary>Runs <see cref="FirstStart"/> in the background until it worked: the host starts, and answers 503, while Postgres is away.</summary>
internal sealed partial class FirstStartService(IServiceScopeFactory scopes, ILogger<FirstStartService> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private volatile bool _done;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_done ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the first start has not finished"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!_done)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<FirstStart>().EnsureAsync(stoppingToken);
                _done = true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (DatabaseFailures.IsUnavailable(exception))
                    Log.Waiting(logger);
                else
                    Log.Failed(logger, exception);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database cannot be reached yet.")]
        public static partial void Waiting(ILogger logger);

        [LoggerMessage(2, LogLevel.Error, "The first start failed; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
