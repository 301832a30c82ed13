using System.Security.Cryptography;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Leases;
using Gatehouse.Sync.Reporting;
using Gatehouse.Sync.Telemetry;

namespace Gatehouse.Sync.Clusters;

/// <summary>Works for one cluster, beside all others: takes its lease, and runs sessions for as long as it leads.</summary>
internal sealed partial class ClusterWorker(
    ClusterTarget target,
    IClusterStore store,
    IClusterConnector connector,
    IDesiredStates desiredStates,
    SyncOptions options,
    SyncMetrics metrics,
    TimeProvider time,
    ILogger<ClusterWorker> logger)
{
    private readonly LeaseKeeper _leases = new(store, options.Holder, options.Lease, time, logger);
    private volatile ClusterSession? _session;

    /// <summary>The cluster.</summary>
    public ClusterTarget Target => target;

    /// <summary>How the cluster stands; null: another worker leads.</summary>
    public ClusterReport? Report => _session?.Report;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                using var fence = await _leases.TakeAsync(target.Id, target.Name, cancellationToken);
                await LeadAsync(fence, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The worker stops.
        }
        finally
        {
            metrics.Forget(target.Name);
        }
    }

    private async Task LeadAsync(Fence fence, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, fence.Lost);
        var keeping = _leases.KeepAsync(fence, target.Name, ending.Token);
        try
        {
            while (!ending.IsCancellationRequested)
                await TryRunAsync(fence, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested && !fence.Lost.IsCancellationRequested)
                await _leases.ReleaseAsync(fence, target.Name);
        }
    }

    private async Task TryRunAsync(Fence fence, CancellationToken cancellationToken)
    {
        try
        {
            await RunSessionAsync(fence, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Broke(logger, target.Name, failure);
            await TellAsync(fence, failure, cancellationToken);
        }
        try
        {
            await Task.Delay(options.RestartPause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Seen by the caller.
        }
    }

    private async Task RunSessionAsync(Fence fence, CancellationToken cancellationToken)
    {
        var kubeconfig = await store.KubeconfigAsync(target.Id, cancellationToken);
        var version = await CredentialsVersion.OfAsync(target.Spec, kubeconfig, cancellationToken);
        await using var api = await ConnectAsync(kubeconfig, cancellationToken);
        var reports = new StoredReports(await store.ReportsAsync(target.Id, cancellationToken));
        var state = new SessionState(target, await store.ReportAsync(target.Id, cancellationToken), time, options.WritesAtOnce)
        {
            Shards = await store.ShardsAsync(target.Id, cancellationToken),
        };
        using var session = new ClusterSession(new SessionParts(api, store, fence, desiredStates, options, metrics, time, logger), state, reports);
        _session = session;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looking = LookForCredentialsAsync(session, version, ending);
        try
        {
            await session.RunAsync(ending.Token);
        }
        finally
        {
            _session = null;
            await ending.CancelAsync();
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // While the cluster does not answer, other credentials may have been uploaded, and files may change at any time: then a new session begins.
    private async Task LookForCredentialsAsync(ClusterSession session, byte[] version, CancellationTokenSource ending)
    {
        while (true)
        {
            await Task.Delay(options.CredentialsPeriod, time, ending.Token);
            if (session.Report.Reachable && target.Spec.KubeconfigFiles is null)
                continue;
            try
            {
                var now = await store.KubeconfigAsync(target.Id, ending.Token);
                var latest = await CredentialsVersion.OfAsync(target.Spec, now, ending.Token);
                CryptographicOperations.ZeroMemory(now ?? []);
                if (!latest.AsSpan().SequenceEqual(version))
                    await ending.CancelAsync();
            }
            catch (Exception failure) when (!ending.IsCancellationRequested)
            {
                Log.NoCredentials(logger, target.Name, failure);
            }
        }
    }

    private async Task<IKubernetesApi> ConnectAsync(byte[]? kubeconfig, CancellationToken cancellationToken)
    {
        try
        {
            return await connector.ConnectAsync(target, kubeconfig, cancellationToken);
        }
        finally
        {
            if (kubeconfig is not null)
                CryptographicOperations.ZeroMemory(kubeconfig);
        }
    }

    // There is no session that could: the last report stays, but for what is wrong.
    private async Task TellAsync(Fence fence, Exception failure, CancellationToken cancellationToken)
    {
        try
        {
            var last = await store.ReportAsync(target.Id, cancellationToken) ?? new ClusterReport { Reachable = false };
            await store.SaveReportsAsync(
                fence.Lease,
                last with { Reachable = false, Problem = $"The cluster cannot be worked for: {Failures.Describe(failure)}", Leader = options.Holder, ReportedAt = time.GetUtcNow() },
                new Dictionary<ResourceKey, ClusterObjectReport?>(),
                cancellationToken);
        }
        catch (LeaseLostException)
        {
            fence.Close();
        }
        catch (Exception other) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotTold(logger, target.Name, other);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The session for cluster {Cluster} broke; a new one begins")]
        public static partial void Broke(ILogger logger, string cluster, Exception failure);

        [LoggerMessage(3, LogLevel.Warning, "The credentials of cluster {Cluster} cannot be read")]
        public static partial void NoCredentials(ILogger logger, string cluster, Exception failure);

        [LoggerMessage(2, LogLevel.Warning, "That cluster {Cluster} cannot be worked for could not be stored")]
        public static partial void NotTold(ILogger logger, string cluster, Exception failure);
    }
}
