using Gatehouse.DataPlane.Listeners;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>
/// Ends service without dropping requests: readiness off, sockets closed, connections asked to end and waited for. It runs before
/// Kestrel's own stop, which first stops the clock that all of Kestrel's timeouts hang on.
/// </summary>
internal sealed class Drainer(Readiness readiness, SocketSet sockets, DataPlaneOptions options, TimeProvider clock) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Draining();
        await Task.Delay(options.LameDuckTime, clock, cancellationToken);
        await sockets.DrainAsync(options.DrainTime);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
