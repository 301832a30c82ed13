using Gatehouse.Benchmarks;
using Gatehouse.Benchmarks.Clusters;
using Gatehouse.Benchmarks.Propagation;
using Gatehouse.Benchmarks.Proxies;
using Gatehouse.Benchmarks.Tls;

// One line for each benchmark: name → what runs it with the remaining arguments.
var benchmarks = new Dictionary<string, Func<string[], int>>(StringComparer.Ordinal)
{
    ["propagate"] = PropagateBenchmark.Run,
    ["change"] = rest => CompileBenchmark.Run(rest.Length > 0 ? rest : ["100000"]),
    ["compile"] = CompileBenchmark.Run,
    ["sync"] = SyncBenchmark.Run,
    ["match"] = MatchBenchmark.Run,
    ["hop"] = HopBenchmark.Run,
    ["scale"] = ScaleBenchmark.Run,
    ["sni"] = SniBenchmark.Run,
    ["sni-server"] = SniServer.Run,
    ["sni-kestrel"] = SniServer.RunKestrel,
    ["plain-yarp"] = PlainYarpPeer.Run,
};

// Without a name: the headline figures, one after the other.
if (args.Length == 0)
    return new[] { "hop", "change", "propagate" }.Max(name => benchmarks[name]([]));
if (benchmarks.TryGetValue(args[0], out var benchmark))
    return benchmark(args[1..]);
Console.Error.WriteLine($"usage: Benchmarks {string.Join('|', benchmarks.Keys)} [arguments]");
return 2;
