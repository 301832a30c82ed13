using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Control.Replicas;

/// <summary>Writes reports down soon after they came, many at once, and looks for those that other control processes wrote.</summary>
internal sealed partial class ReplicaSync(ReplicaStore store, ControlOptions options, TimeProvider clock, ILogger<ReplicaSync> logger) : BackgroundService
{
    private static readonly TimeSpan SavePause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestExpiryPause = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(SaveAsync, stoppingToken), RepeatAsync(LoadAsync, stoppingToken), RepeatAsync(ExpireAsync, stoppingToken));

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        await store.SaveAsync(cancellationToken);
        await Task.Delay(SavePause, clock, cancellationToken);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await store.LoadAsync(cancellationToken);
        await store.WaitAsync(options.PollInterval, cancellationToken);
    }

    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        await store.ExpireAsync(options.ReplicaExpiry, cancellationToken);
        await Task.Delay(options.ReplicaExpiry < LongestExpiryPause ? options.ReplicaExpiry : LongestExpiryPause, clock, cancellationToken);
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await step(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (exception is not NpgsqlException)
                    Log.Failed(logger, exception);
                await Task.Delay(options.PollInterval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Reports of data planes could not be exchanged with other control processes")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
