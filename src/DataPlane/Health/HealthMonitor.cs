using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Health;

/// <summary>
/// Probes endpoints: by the backend's active check, else by a TCP connect. Probes start when a backend is applied, go on at a pace that
/// all endpoints together bound, and slow down while an endpoint stays unreachable.
/// </summary>
internal sealed class HealthMonitor(TableStore tables, EndpointProbe probe, HealthReports reports, IClusterDestinationsUpdater destinations, TimeProvider clock)
    : BackgroundService
{
    private const int MaxConcurrent = 64;

    private readonly ProbeQueue _queue = new(clock);
    private readonly SemaphoreSlim _slots = new(MaxConcurrent, MaxConcurrent);

    /// <summary>Probes an endpoint soon, as traffic to it failed.</summary>
    public void Suspect(BackendState backend, EndpointState endpoint)
    {
        reports.Mark(backend);
        _queue.Schedule(new ProbeKey(backend.Entry.Key, endpoint.Id), ProbePace.AfterFailure(1));
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        tables.Applied += OnApplied;
        OnApplied([.. tables.Current.Backends.Entries.Select(entry => entry.Key)]);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var key = await _queue.NextAsync(stoppingToken);
                await _slots.WaitAsync(stoppingToken);
                _ = ProbeAsync(key, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    public override void Dispose()
    {
        _queue.Dispose();
        _slots.Dispose();
        base.Dispose();
    }

    private void OnApplied(IReadOnlyCollection<string> backends)
    {
        foreach (var key in backends)
        {
            if (!tables.Current.Backends.TryGetValue(key, out var backend))
                continue;
            foreach (var endpoint in backend.Endpoints.Where(endpoint => endpoint.Destination.Health.Active != DestinationHealth.Healthy || backend.Entry.ActiveCheck is not null))
                _queue.Schedule(new ProbeKey(key, endpoint.Id), TimeSpan.Zero);
        }
    }

    private async Task ProbeAsync(ProbeKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (Find(key) is not var (backend, endpoint))
                return;
            // TCP: what answers requests needs no probe.
            var isFresh = backend.Entry.ActiveCheck is null && endpoint.Health.LastSuccess != 0 && clock.GetElapsedTime(endpoint.Health.LastSuccess) < ProbePace.Healthy;
            var failure = isFresh ? null : await probe.RunAsync(backend, endpoint, cancellationToken);
            Conclude(backend, endpoint, failure);
            _queue.Schedule(key, ProbePace.Next(backend, endpoint, _queue.Count));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Conclude(BackendState backend, EndpointState endpoint, string? failure)
    {
        var health = endpoint.Health;
        var check = backend.Entry.ActiveCheck;
        health.Streak = failure is null ? Math.Max(0, health.Streak) + 1 : Math.Min(0, health.Streak) - 1;
        health.Reason = failure;
        var before = endpoint.Destination.Health.Active;
        if (failure is null && health.Streak >= (check?.HealthyThreshold ?? 1))
            endpoint.Destination.Health.Active = DestinationHealth.Healthy;
        else if (failure is not null && -health.Streak >= (check?.UnhealthyThreshold ?? 1))
            endpoint.Destination.Health.Active = DestinationHealth.Unhealthy;
        if (endpoint.Destination.Health.Active == before)
            return;
        // The backend may have been replaced meanwhile; its destinations are the same.
        var current = tables.Current.Backends.TryGetValue(backend.Entry.Key, out var replaced) ? replaced : backend;
        destinations.UpdateAvailableDestinations(current.Cluster);
        reports.Mark(current);
    }

    private (BackendState Backend, EndpointState Endpoint)? Find(ProbeKey key)
    {
        if (!tables.Current.Backends.TryGetValue(key.Backend, out var backend))
            return null;
        foreach (var endpoint in backend.Endpoints)
        {
            if (endpoint.Id == key.Endpoint)
                return (backend, endpoint);
        }
        return null;
    }
}
