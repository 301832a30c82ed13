using System.Collections.Concurrent;
using Gatehouse.Control.Clusters;
using Gatehouse.Sync.Telemetry;

namespace Gatehouse.Sync.Clusters;

/// <summary>Runs a worker for each Cluster object. Workers share nothing but the process: one that hangs holds up no other.</summary>
internal sealed partial class ClusterSupervisor(
    IDesiredStates desiredStates,
    IClusterStore store,
    IClusterConnector connector,
    SyncOptions options,
    SyncMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, RunningWorker> _workers = [];
    private readonly ILogger _logger = loggers.CreateLogger<ClusterSupervisor>();

    /// <summary>Clusters that this process works for now, with their reports; null: another process leads.</summary>
    public IReadOnlyDictionary<string, ClusterReport?> Clusters => _workers.Values.ToDictionary(static running => running.Worker.Target.Name, static running => running.Worker.Report, StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var revision = -1L;
            while (true)
            {
                var state = await desiredStates.AfterAsync(revision, stoppingToken);
                revision = state.Revision;
                Follow(state, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, and the workers with it.
        }
        finally
        {
            await Task.WhenAll(_workers.Values.Select(static running => running.Task));
        }
    }

    // What is in a cluster whose object is gone stays there: nothing says any more what should become of it.
    private void Follow(DesiredState state, CancellationToken stoppingToken)
    {
        foreach (var (id, running) in _workers)
        {
            if (state.Clusters.TryGetValue(id, out var target) && target.Generation == running.Worker.Target.Generation && target.Name == running.Worker.Target.Name)
                continue;
            if (running.Ending.IsCancellationRequested)
                continue;
            Log.Stops(_logger, running.Worker.Target.Name);
            running.Ending.Cancel();
        }
        foreach (var (id, target) in state.Clusters)
        {
            if (!_workers.TryGetValue(id, out var running))
                Start(target, Task.CompletedTask, stoppingToken);
            else if (running.Ending.IsCancellationRequested)
                Start(target, running.Task, stoppingToken);
        }
        foreach (var (id, running) in _workers.Where(pair => pair.Value.Task.IsCompleted && !state.Clusters.ContainsKey(pair.Key)))
        {
            running.Ending.Dispose();
            _workers.TryRemove(id, out _);
        }
    }

    private void Start(ClusterTarget target, Task before, CancellationToken stoppingToken)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var worker = new ClusterWorker(target, store, connector, desiredStates, options, metrics, time, loggers.CreateLogger<ClusterWorker>());
        Log.Starts(_logger, target.Name);
        _workers[target.Id] = new RunningWorker(worker, ending, Task.Run(() => RunAsync(worker, before, ending.Token), CancellationToken.None));
    }

    private async Task RunAsync(ClusterWorker worker, Task before, CancellationToken cancellationToken)
    {
        await before;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await worker.RunAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Broke(_logger, worker.Target.Name, failure);
                await Task.Delay(options.RestartPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private sealed record RunningWorker(ClusterWorker Worker, CancellationTokenSource Ending, Task Task);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Works for cluster {Cluster}")]
        public static partial void Starts(ILogger logger, string cluster);

        [LoggerMessage(2, LogLevel.Information, "Works no more for cluster {Cluster} as it was")]
        public static partial void Stops(ILogger logger, string cluster);

        [LoggerMessage(3, LogLevel.Error, "The worker for cluster {Cluster} broke; it begins anew")]
        public static partial void Broke(ILogger logger, string cluster, Exception failure);
    }
}
