using System.Globalization;

namespace Gatehouse.Benchmarks.Proxies;

/// <summary>
/// Measures proxies in turn, several times round, so that a noisy machine disturbs all alike. What counts is a proxy's own processor time
/// for each request; on a shared machine the ratios say more than the numbers.
/// </summary>
internal static class Contest
{
    public const int ProxyCore = 0;
    public const int LoadCore = 1;

    private const int WarmUpRequests = 60_000;

    public static int Run(IReadOnlyList<(MeasuredProcess Proxy, string Host, string? Script)> proxies, int rounds, int seconds)
    {
        var times = proxies.Select(_ => new List<double>()).ToArray();
        var failed = new long[proxies.Count];
        foreach (var (proxy, host, script) in proxies)
            WarmUp(proxy, host, script, seconds);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < proxies.Count; i++)
            {
                var (proxy, host, script) = proxies[i];
                var before = proxy.CpuSeconds();
                var (requests, failures) = Wrk.Run(LoadCore, proxy.Port, host, seconds, script);
                times[i].Add((proxy.CpuSeconds() - before) * 1e6 / Math.Max(1, requests));
                failed[i] += failures;
            }
        }
        Console.WriteLine($"{"proxy",-30}{"µs/request",12}{"min",9}{"max",9}{"ratio",8}{"failed",8}{"MB",8}");
        foreach (var samples in times)
            samples.Sort();
        var reference = times[^1][times[^1].Count / 2];
        for (var i = 0; i < proxies.Count; i++)
        {
            var median = times[i][times[i].Count / 2];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{proxies[i].Proxy.Name,-30}{median,12:F1}{times[i][0],9:F1}{times[i][^1],9:F1}{median / reference,8:F2}{failed[i],8}{proxies[i].Proxy.MemoryMb(),8:F0}"));
        }
        return failed.Sum() == 0 ? 0 : 1;
    }

    // The runtime compiles what is hot again, in the background and by number of calls: seconds say little on a busy machine.
    private static void WarmUp(MeasuredProcess proxy, string host, string? script, int seconds)
    {
        var requests = 0L;
        for (var run = 0; run < 6 && requests < WarmUpRequests; run++)
            requests += Wrk.Run(LoadCore, proxy.Port, host, seconds, script).Requests;
    }
}
