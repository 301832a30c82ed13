using Gatehouse.Control.Clusters;

namespace Gatehouse.Sync.Leases;

/// <summary>Takes a cluster's lease and renews it for as long as the worker leads.</summary>
internal sealed partial class LeaseKeeper(IClusterStore store, string holder, LeaseTimes times, TimeProvider time, ILogger logger)
{
    /// <summary>Waits until the lease is ours.</summary>
    public async Task<Fence> TakeAsync(Guid cluster, string name, CancellationToken cancellationToken)
    {
        var complained = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var asked = time.GetTimestamp();
                if (await store.AcquireAsync(cluster, holder, times.Duration, cancellationToken) is { } lease)
                {
                    Log.Leads(logger, name, lease.Epoch);
                    return new Fence(store, lease with { AskedAt = asked }, times, time);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                if (!complained)
                    Log.CannotAsk(logger, name, failure);
                complained = true;
            }
            await Task.Delay(times.Period, time, cancellationToken);
        }
    }

    /// <summary>Renews until cancelled; returns when the lease is lost. Failures are waited out: the fence keeps writes back meanwhile.</summary>
    public async Task KeepAsync(Fence fence, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(times.Period, time, cancellationToken);
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(times.RenewDeadline);
                await fence.RenewAsync(TimeSpan.Zero, patience.Token);
            }
            catch (LeaseLostException)
            {
                Log.Lost(logger, name, fence.Lease.Epoch);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                if (fence.Age > times.RenewDeadline)
                    Log.CannotRenew(logger, name, failure);
            }
        }
    }

    /// <summary>Gives the lease back, so that another worker need not wait for its end.</summary>
    public async Task ReleaseAsync(Fence fence, string name)
    {
        fence.Close();
        try
        {
            using var patience = new CancellationTokenSource(times.Period, time);
            await store.ReleaseAsync(fence.Lease, patience.Token);
        }
        catch (Exception failure)
        {
            Log.CannotRelease(logger, name, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Leads cluster {Cluster} in epoch {Epoch}")]
        public static partial void Leads(ILogger logger, string cluster, long epoch);

        [LoggerMessage(2, LogLevel.Warning, "Another worker leads cluster {Cluster}; epoch {Epoch} is over")]
        public static partial void Lost(ILogger logger, string cluster, long epoch);

        [LoggerMessage(3, LogLevel.Warning, "The lease on cluster {Cluster} cannot be asked for")]
        public static partial void CannotAsk(ILogger logger, string cluster, Exception failure);

        [LoggerMessage(4, LogLevel.Warning, "The lease on cluster {Cluster} cannot be renewed; nothing is written until it is")]
        public static partial void CannotRenew(ILogger logger, string cluster, Exception failure);

        [LoggerMessage(5, LogLevel.Information, "The lease on cluster {Cluster} could not be given back; it ends by itself")]
        public static partial void CannotRelease(ILogger logger, string cluster, Exception failure);
    }
}
