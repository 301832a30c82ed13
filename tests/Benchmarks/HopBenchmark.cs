using Gatehouse.Benchmarks.Proxies;

namespace Gatehouse.Benchmarks;

/// <summary>Processor time for one proxied request of 100 bytes, beside plain YARP and nginx in the same run.</summary>
internal static class HopBenchmark
{
    public static int Run(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 3;
        using var peers = new Peers();
        var backend = peers.Backend().Port;
        return Contest.Run(
            [
                (peers.Gatehouse(backend, 10), "h1.bench.test", null),
                (peers.PlainYarp(backend, inline: true), "h1.bench.test", null),
                (peers.PlainYarp(backend, inline: false), "h1.bench.test", null),
                (peers.NginxProxy(backend), "h1.bench.test", null),
            ],
            rounds: 3, seconds);
    }
}
