using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>Requests through the data plane, for a name that DNS need not know.</summary>
internal sealed class TrafficClient : IDisposable
{
    private readonly HttpClient http;

    public TrafficClient(int port) => http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32, UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")),
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string host, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>How many of so many requests each backend answered; anything but 200 counts under its status.</summary>
    public async Task<Dictionary<string, int>> CountAsync(string host, int requests)
    {
        var counts = new ConcurrentDictionary<string, int>();
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            var (status, body) = await GetAsync(host);
            counts.AddOrUpdate(status == HttpStatusCode.OK ? body : ((int)status).ToString(CultureInfo.InvariantCulture), 1, (_, count) => count + 1);
        });
        return new Dictionary<string, int>(counts);
    }

    /// <summary>Asks until the answer is as wanted; returns how long that took.</summary>
    public async Task<TimeSpan> WaitForAsync(string host, Func<HttpStatusCode, string, bool> wanted, string path = "/", double seconds = 10)
    {
        var begun = TimeProvider.System.GetTimestamp();
        (HttpStatusCode Status, string Body) last = default;
        while (TimeProvider.System.GetElapsedTime(begun) is var waited && waited.TotalSeconds < seconds)
        {
            try
            {
                last = await GetAsync(host, path);
                if (wanted(last.Status, last.Body))
                    return TimeProvider.System.GetElapsedTime(begun);
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }
            await Task.Delay(5);
        }
        throw new TimeoutException($"{host}{path} still answers {(int)last.Status} {last.Body} after {seconds} s");
    }

    public void Dispose() => http.Dispose();
}
