using Gatehouse.Benchmarks.Proxies;

namespace Gatehouse.Benchmarks;

/// <summary>Processor time for one proxied request with 100,000, 1,000 and 10 hosts, a random host each.</summary>
internal static class ScaleBenchmark
{
    public static int Run(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 3;
        using var peers = new Peers();
        var backend = peers.Backend().Port;
        return Contest.Run(
            [.. new[] { 100_000, 1_000, 10 }.Select(hosts => (peers.Gatehouse(backend, hosts, $"{hosts} hosts"), "h1.bench.test", (string?)peers.RandomHosts(hosts)))],
            rounds: 3, seconds);
    }
}
