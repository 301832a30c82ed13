using Gatehouse.Benchmarks;
using Gatehouse.Benchmarks.Proxies;

// One line for each benchmark: name → what runs it with the remaining arguments.
var benchmarks = new Dictionary<string, Func<string[], int>>(StringComparer.Ordinal)
{
    ["compile"] = CompileBenchmark.Run,
    ["match"] = MatchBenchmark.Run,
    ["hop"] = HopBenchmark.Run,
    ["scale"] = ScaleBenchmark.Run,
    ["plain-yarp"] = PlainYarpPeer.Run,
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark))
    return benchmark(args[1..]);
Console.Error.WriteLine($"usage: Benchmarks {string.Join('|', benchmarks.Keys)} [arguments]");
return 2;
