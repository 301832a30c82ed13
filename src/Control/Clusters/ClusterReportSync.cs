using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Control.Clusters;

/// <summary>Follows the reports of all sync workers, and sweeps what nobody needs any more.</summary>
internal sealed partial class ClusterReportSync(
    ClusterReportReader reader, NpgsqlDataSource database, ClusterSignals signals, ControlOptions options, TimeProvider clock, ILogger<ClusterReportSync> logger)
    : BackgroundService
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(1);

    private const string Sweep = """
        DELETE FROM cluster_object_reports WHERE report IS NULL AND changed_at < now() - @tombstone;
        DELETE FROM cluster_tasks WHERE expires_at < now() - @task;
        DELETE FROM cluster_object_reports AS rows WHERE NOT EXISTS (SELECT FROM resources WHERE kind = 'Cluster' AND id = rows.cluster);
        DELETE FROM cluster_reports AS rows WHERE NOT EXISTS (SELECT FROM resources WHERE kind = 'Cluster' AND id = rows.cluster);
        DELETE FROM cluster_shards AS rows WHERE NOT EXISTS (SELECT FROM resources WHERE kind = 'Cluster' AND id = rows.cluster);
        DELETE FROM cluster_leases AS rows WHERE NOT EXISTS (SELECT FROM resources WHERE kind = 'Cluster' AND id = rows.cluster)
        """;

    /// <summary>Answers of workers may be large; whoever asked has taken them by then.</summary>
    private static readonly TimeSpan TaskLife = TimeSpan.FromMinutes(10);

    /// <summary>Deletes what was forgotten long ago, old tasks, and what belongs to clusters that are gone.</summary>
    internal static async Task SweepAsync(NpgsqlDataSource database, TimeSpan tombstoneLife, TimeSpan taskLife, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sweep);
        command.Parameters.AddWithValue("tombstone", tombstoneLife);
        command.Parameters.AddWithValue("task", taskLife);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RepeatAsync(ReadAsync, stoppingToken), RepeatAsync(SweepAsync, stoppingToken));

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var next = signals.NextReport;
        await reader.ReadAsync(cancellationToken);
        await signals.WaitAsync(next, options.PollInterval, cancellationToken);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(database, ClusterReportReader.TombstoneLife, TaskLife, cancellationToken);
        await Task.Delay(SweepPause, clock, cancellationToken);
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
        [LoggerMessage(Level = LogLevel.Error, Message = "Reports of sync workers could not be read")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
