using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Streams;
using Gatehouse.DataPlane.Telemetry;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>What must be done now and then: sockets that could not be bound, clients that nobody uses any more, connections in which nothing moves.</summary>
internal sealed class Upkeep(SocketSet sockets, BackendRegistry backends, RelaySet relays, UdpSessions datagrams, SeriesRegistry series, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (sockets.HasFailures)
                sockets.Retry();
            backends.Sweep();
            relays.Sweep();
            datagrams.Sweep();
            series.Sweep();
        }
    }
}
