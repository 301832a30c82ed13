using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>Short ways to write match tables.</summary>
internal static class Tables
{
    public const string ListenerId = "platform/Gateway/default/http";

    public static ListenerEntry Listener(int port = 80, string? hostname = null, string id = ListenerId) =>
        new() { Id = id, Tenant = "platform", Gateway = "platform/default", Port = port, Protocol = "HTTP", Hostname = hostname };

    public static BackendEntry Backend(string name, params int[] ports) => new()
    {
        Key = $"shop/Backend/{name}", Tenant = "shop", Kind = "Backend", Name = name, Protocol = "http", LoadBalancing = "RoundRobin",
        Endpoints = [.. ports.Select(port => new EndpointEntry("127.0.0.1", port))],
    };

    public static WeightedBackend To(string name, int weight = 1, params RuleAction[] actions) =>
        new() { Backend = $"shop/Backend/{name}", Weight = weight, Actions = actions };

    public static WeightedBackend Invalid(int weight = 1) => new() { Weight = weight, FailureStatus = 500 };

    public static CompiledRule Rule(IReadOnlyList<WeightedBackend> backends, params RuleAction[] actions) =>
        new() { Source = new RuleSource("HTTPRoute", "shop", "web", 0), Backends = backends, Actions = actions };

    public static CompiledMatch Prefix(string path, int rule = 0) => new() { Rule = rule, PathType = "PathPrefix", Path = path };

    public static CompiledMatch Exact(string path, int rule = 0) => new() { Rule = rule, PathType = "Exact", Path = path };

    public static HostEntry Host(string hostname, CompiledRule rule, string listener = ListenerId) =>
        new() { Listener = listener, Hostname = hostname, Rules = [rule], Matches = [Prefix("/")] };

    public static MatchTable Table(IEnumerable<BackendEntry> backends, params HostEntry[] hosts) => new()
    {
        Listeners = new Dictionary<string, ListenerEntry> { [ListenerId] = Listener() },
        Hosts = hosts.ToDictionary(host => host.Key),
        Backends = backends.ToDictionary(backend => backend.Key),
    };
}
