using System.Globalization;
using Gatehouse.EndToEnd.Instances;

namespace Gatehouse.Benchmarks.Propagation;

/// <summary>Other tenants' writes in the background, at a steady rate.</summary>
internal sealed class SteadyWrites : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task writing;

    public SteadyWrites(RestClient api, int writesPerSecond) => writing = Task.Run(() => WriteAsync(api, TimeSpan.FromSeconds(1.0 / writesPerSecond)));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await writing;
        stop.Dispose();
    }

    private async Task WriteAsync(RestClient api, TimeSpan period)
    {
        using var timer = new PeriodicTimer(period);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await api.SendAsync(
                HttpMethod.Put,
                string.Create(CultureInfo.InvariantCulture, $"tenants/bench/httproutes/other{i % 10}"),
                Objects.Route(string.Create(CultureInfo.InvariantCulture, $"other{i % 10}.bench.example.com"), Objects.Ref("v1", 1 + (i % 100))));
            await Task.WhenAny(timer.WaitForNextTickAsync(stop.Token).AsTask());
        }
    }
}
