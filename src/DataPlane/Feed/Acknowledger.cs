using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Health;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Feed;

/// <summary>Reports to the control plane: at once when something changed, else every few seconds.</summary>
internal sealed class Acknowledger(FeedConnection connection, FeedStatus status, SocketSet sockets, HealthReports health, DataPlaneOptions options, TimeProvider clock)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Changes come in flocks; one report for all of them.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private bool _sendFullHealth = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        status.Changed += Wake;
        sockets.Changed += Wake;
        health.Changed += Wake;
        var pause = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, clock, stoppingToken);
                await SendAsync(stoppingToken);
                pause = Gather;
                await _news.WaitAsync(Interval, stoppingToken);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or System.Text.Json.JsonException or UnauthorizedAccessException
                || (failure is OperationCanceledException && !stoppingToken.IsCancellationRequested))
            {
                // The feed client reports that the control plane is away. What was not heard is sent again.
                _sendFullHealth = true;
                pause = TimeSpan.FromSeconds(0.5 + Random.Shared.NextDouble());
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var position = status.Position;
        var full = _sendFullHealth;
        var reply = await connection.AcknowledgeAsync(
            new Acknowledgement
            {
                Replica = options.Replica,
                Pool = options.Pool,
                Version = ProductVersion.Current,
                StartedAt = _startedAt,
                AppliedRevision = position.Revision,
                AppliedHash = position.Revision == 0 ? null : Gateway.Compilation.TableHash.Format(position.Hash),
                Refusals = status.Refusals,
                Held = status.Held,
                Sockets = sockets.Report(),
                Http3 = Http3Support.Report,
                Backends = health.Take(full),
                FullHealth = full,
            },
            cancellationToken);
        _sendFullHealth = false;
        if (reply?.SendFullHealth != true || full)
            return;
        _sendFullHealth = true;
        Wake();
    }

    private void Wake()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // A report is due already.
        }
    }
}
