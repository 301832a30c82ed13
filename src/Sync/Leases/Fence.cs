using Gatehouse.Control.Clusters;

namespace Gatehouse.Sync.Leases;

/// <summary>
/// Lets writes through only while no other worker can have taken over: shortly after a renewal began, by the monotonic clock. Otherwise
/// Postgres is asked first. A process that was stopped for a while finds the window closed when it wakes up.
/// </summary>
internal sealed class Fence(IClusterStore store, ClusterLease lease, LeaseTimes times, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private readonly CancellationTokenSource _lost = new();
    private long _asked = lease.AskedAt;

    /// <summary>The lease; its epoch stays the same for as long as the fence lives.</summary>
    public ClusterLease Lease { get; private set; } = lease;

    /// <summary>Cancelled once another worker leads.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>How long ago the last successful renewal began.</summary>
    public TimeSpan Age => time.GetElapsedTime(Interlocked.Read(ref _asked));

    /// <summary>Returns once a write may begin.</summary>
    /// <exception cref="LeaseLostException">Another worker leads.</exception>
    /// <exception cref="Exception">Postgres cannot be asked.</exception>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        while (_lost.IsCancellationRequested || Age >= times.SafeWindow)
            await RenewAsync(times.SafeWindow, cancellationToken);
    }

    /// <summary>Renews the lease unless that happened within the given time.</summary>
    /// <exception cref="LeaseLostException">Another worker leads.</exception>
    public async Task RenewAsync(TimeSpan unlessYounger, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_lost.IsCancellationRequested)
                throw new LeaseLostException(Lease.Cluster, Lease.Epoch);
            if (Age < unlessYounger)
                return;
            var asked = time.GetTimestamp();
            var renewed = await store.AcquireAsync(Lease.Cluster, Lease.Holder, times.Duration, cancellationToken);

            // Another epoch: somebody else led meanwhile, so what this worker remembers of the cluster is stale.
            if (renewed is null || renewed.Epoch != Lease.Epoch)
            {
                await _lost.CancelAsync();
                throw new LeaseLostException(Lease.Cluster, Lease.Epoch);
            }
            Lease = renewed;
            Interlocked.Exchange(ref _asked, asked);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Nothing passes any more.</summary>
    public void Close() => _lost.Cancel();

    public void Dispose()
    {
        _renewing.Dispose();
        _lost.Dispose();
    }
}
