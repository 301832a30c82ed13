using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>Steady requests in the background; keeps every answer that is not 200.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<string> failures = [];
    private readonly Task[] workers;
    private long requests;

    private Load(TrafficClient traffic, string host, int concurrency) =>
        workers = [.. Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => RunAsync(traffic, host)))];

    public long Requests => Interlocked.Read(ref requests);

    public IReadOnlyCollection<string> Failures => failures;

    public static Load Start(TrafficClient traffic, string host, int concurrency = 4) => new(traffic, host, concurrency);

    /// <summary>Goes on until so many more requests were answered.</summary>
    public async Task ContinueAsync(int further)
    {
        var goal = Requests + further;
        var begun = TimeProvider.System.GetTimestamp();
        while (Requests < goal)
        {
            if (TimeProvider.System.GetElapsedTime(begun).TotalSeconds > 30)
                throw new TimeoutException("the load does not get on");
            await Task.Delay(10);
        }
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(workers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task RunAsync(TrafficClient traffic, string host)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (status, body) = await traffic.GetAsync(host);
                if (status != HttpStatusCode.OK)
                    failures.Add(string.Create(CultureInfo.InvariantCulture, $"{(int)status} {body}"));
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                failures.Add(e.Message);
            }
            Interlocked.Increment(ref requests);
            await Task.Delay(1);
        }
    }
}
