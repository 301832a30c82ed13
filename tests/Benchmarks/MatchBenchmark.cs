using System.Diagnostics;
using System.Globalization;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Benchmarks;

/// <summary>Nanoseconds and bytes for one lookup, from socket and host to the match, at 10, 1,000 and 100,000 routes.</summary>
internal static class MatchBenchmark
{
    private const int Rounds = 5;
    private const int Lookups = 400_000;

    public static int Run(string[] args)
    {
        // The runtime compiles hot code again in the background: without this the first line would pay for it.
        for (var i = 0; i < 3; i++)
            Time(OneRouteAHost(10), i => ($"h{i % 10}.bench.test", "/cart/items", "GET", ""));
        Console.WriteLine($"{"workload",-24}{"routes",9}{"ns",9}{"min",8}{"max",8}{"bytes",8}");
        foreach (var routes in new[] { 10, 1_000, 100_000 })
        {
            Measure("exact host", routes, OneRouteAHost(routes), i => ($"h{i % routes}.bench.test", "/cart/items", "GET", ""));
            Measure("a listener a host", routes, OneListenerAHost(routes), i => ($"h{i % routes}.bench.test", "/cart/items", "GET", ""));
            Measure("wildcard host", routes, OneRouteAWildcard(routes), i => ($"a.b.w{i % routes}.test", "/", "GET", ""));
            Measure("paths of one host", routes, ManyPaths(routes), i => ("h.bench.test", $"/service/{i % routes}/items/7", "GET", ""));
            Measure("method, header, query", routes, Conditions(routes), i => ($"h{i % routes}.bench.test", "/api/x", "POST", "a=1&v=2"));
        }
        return 0;
    }

    private static void Measure(string name, int routes, ListenerIndex<HostMatcher> index, Func<int, (string Host, string Path, string Method, string Query)> request)
    {
        var (times, bytes) = Time(index, request);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24}{routes,9}{times[times.Count / 2],9:F0}{times[0],8:F0}{times[^1],8:F0}{bytes,8}"));
    }

    private static (List<double> Times, long Bytes) Time(ListenerIndex<HostMatcher> index, Func<int, (string Host, string Path, string Method, string Query)> request)
    {
        var random = new Random(1);
        var requests = Enumerable.Range(0, 1 << 14).Select(_ => request(random.Next(1 << 20))).ToArray();
        var times = new List<double>();
        long bytes = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < Lookups; i++)
                Look(index, requests[i & (requests.Length - 1)]);
            // The first round warms up.
            if (round > 0)
                times.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds / Lookups);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Lookups;
        }
        times.Sort();
        return (times, bytes);
    }

    private static void Look(ListenerIndex<HostMatcher> index, (string Host, string Path, string Method, string Query) request)
    {
        if (!RequestHost.TryNormalize(request.Host, out var host) || !RequestPath.TryNormalize(request.Path, out var path)
            || !index.TryFind(new SocketKey("", 80), host, out var listener)
            || !MatchResolver.TryMatch(listener, host, new BenchRequest(request.Method, path, request.Query), out _, out _))
            throw new InvalidOperationException($"no match for {request}");
    }

    private static ListenerIndex<HostMatcher> OneRouteAHost(int routes) =>
        Index(Enumerable.Range(0, routes).Select(i => Host($"h{i}.bench.test", [Match("PathPrefix", "/")])));

    // What a tenant's Hostnames compile to.
    private static ListenerIndex<HostMatcher> OneListenerAHost(int routes)
    {
        var builder = ListenerIndex.Empty<HostMatcher>().ToBuilder();
        for (var i = 0; i < routes; i++)
        {
            var host = Host($"h{i}.bench.test", [Match("PathPrefix", "/")]) with { Listener = $"l{i}" };
            builder.SetListener(new ListenerEntry { Id = host.Listener, Tenant = "shop", Gateway = "platform/default", Port = 80, Protocol = "HTTP", Hostname = host.Hostname });
            builder.SetHost(host.Listener, host.Hostname, new HostMatcher(host));
        }
        return builder.Build();
    }

    private static ListenerIndex<HostMatcher> OneRouteAWildcard(int routes) =>
        Index(Enumerable.Range(0, routes).Select(i => Host($"*.w{i}.test", [Match("PathPrefix", "/")])));

    private static ListenerIndex<HostMatcher> ManyPaths(int routes) =>
        Index([Host("h.bench.test", [.. Enumerable.Range(0, routes).Select(i => Match(i % 2 == 0 ? "PathPrefix" : "Exact", i % 2 == 0 ? $"/service/{i}" : $"/service/{i}/items/7"))])]);

    private static ListenerIndex<HostMatcher> Conditions(int routes) =>
        Index(Enumerable.Range(0, routes).Select(i => Host(
            $"h{i}.bench.test",
            [
                Match("PathPrefix", "/api") with { Method = "GET" },
                Match("PathPrefix", "/api") with { Headers = [new ValueMatch("x-canary", "always")] },
                Match("PathPrefix", "/api") with { Method = "POST", Headers = [new ValueMatch("x-tenant", "shop")], Query = [new ValueMatch("v", "2")] },
            ])));

    private static ListenerIndex<HostMatcher> Index(IEnumerable<HostEntry> hosts)
    {
        var builder = ListenerIndex.Empty<HostMatcher>().ToBuilder();
        builder.SetListener(new ListenerEntry { Id = "l", Tenant = "platform", Gateway = "platform/default", Port = 80, Protocol = "HTTP" });
        foreach (var host in hosts)
            builder.SetHost("l", host.Hostname, new HostMatcher(host));
        return builder.Build();
    }

    private static HostEntry Host(string hostname, IReadOnlyList<CompiledMatch> matches) =>
        new() { Listener = "l", Hostname = hostname, Rules = [new CompiledRule { Source = new RuleSource("HTTPRoute", "shop", "web", 0) }], Matches = matches };

    private static CompiledMatch Match(string type, string path) => new() { Rule = 0, PathType = type, Path = path };

    private readonly ref struct BenchRequest(string method, ReadOnlySpan<char> path, string query) : IMatchableRequest
    {
        public string Method { get; } = method;

        public ReadOnlySpan<char> Path { get; } = path;

        public ReadOnlySpan<char> Query => query;

        public string? Header(string name) => name == "x-tenant" ? "shop" : null;
    }
}
