using System.Collections.Concurrent;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Health;

/// <summary>Gathers which backends' health changed since the last report.</summary>
internal sealed class HealthReports
{
    private readonly TableStore _tables;
    private readonly ConcurrentDictionary<string, byte> _changed = new(StringComparer.Ordinal);

    public HealthReports(TableStore tables)
    {
        _tables = tables;
        tables.Applied += keys =>
        {
            foreach (var key in keys)
                _changed[key] = 0;
        };
    }

    /// <summary>Raised when a backend's health changed.</summary>
    public event Action? Changed;

    public void Mark(BackendState backend)
    {
        _changed[backend.Entry.Key] = 0;
        Changed?.Invoke();
    }

    /// <summary>Takes what changed, or everything.</summary>
    public IReadOnlyList<BackendReport> Take(bool everything)
    {
        var table = _tables.Current;
        var keys = _changed.Keys.ToList();
        foreach (var key in keys)
            _changed.TryRemove(key, out _);
        return everything
            ? [.. table.Backends.Entries.Select(entry => ReportOf(entry.Value))]
            : [.. keys.Select(key => table.Backends.TryGetValue(key, out var backend) ? ReportOf(backend) : null).OfType<BackendReport>()];
    }

    private static BackendReport ReportOf(BackendState backend) =>
        new(backend.Entry.Key, [.. backend.Endpoints.Select(endpoint => ReportOf(endpoint))]);

    private static EndpointReport ReportOf(EndpointState endpoint)
    {
        var health = endpoint.Destination.Health;
        if (health.Passive == DestinationHealth.Unhealthy)
            return new EndpointReport(endpoint.Id, "unhealthy", "too many requests to it failed");
        return health.Active switch
        {
            DestinationHealth.Healthy => new EndpointReport(endpoint.Id, "healthy"),
            DestinationHealth.Unhealthy => new EndpointReport(endpoint.Id, "unhealthy", endpoint.Health.Reason),
            _ => new EndpointReport(endpoint.Id, "unknown"),
        };
    }
}
