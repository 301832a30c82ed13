using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.Replicas;
using Gatehouse.Persistence.Revisions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Control.Following;

/// <summary>
/// Listens for NOTIFY on a connection of its own. Notifications are hints that save waiting for the poll, so a lost connection
/// loses nothing; it is opened again.
/// </summary>
internal sealed partial class RevisionListener(
    ControlOptions options, CompileHost host, ReplicaStore replicas, ClusterSignals clusters, TimeProvider clock, ILogger<RevisionListener> logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private static readonly string[] Channels = [RevisionSignal.Channel, ReplicaStore.Channel, .. ClusterSignals.Channels];

    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(options.CompilerDatabase)
    {
        Pooling = false,
        KeepAlive = 5,
        ApplicationName = "gatehouse-listener",
    }.ConnectionString;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => pause = TimeSpan.FromMilliseconds(100), stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Lost(logger, exception.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ListenAsync(Action connected, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        connection.Notification += (_, notification) => Dispatch(notification);
        await connection.OpenAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(string.Join("; ", Channels.Select(static channel => $"LISTEN {channel}")), connection))
            await command.ExecuteNonQueryAsync(cancellationToken);
        connected();

        // What happened before LISTEN was not heard.
        host.Nudge();
        replicas.Nudge();
        clusters.TakeAll();
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    private void Dispatch(NpgsqlNotificationEventArgs notification)
    {
        if (notification.Channel == RevisionSignal.Channel)
            host.Nudge();
        else if (!clusters.Take(notification.Channel))
            replicas.Nudge();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The connection for notifications was lost ({Reason}); the poll goes on")]
        public static partial void Lost(ILogger logger, string reason);
    }
}
