using System.Globalization;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.DataPlane.Tests.Explanation;

/// <summary>A random configuration so dense that most requests meet several matches, and random requests for it.</summary>
internal sealed class RandomConfiguration(int seed, IReadOnlyList<int> backendPorts)
{
    /// <summary>Listener ports.</summary>
    public static readonly int[] Ports = [80, 8080];

    private const string Tenant = "shop";

    private static readonly string[] Hosts = ["x.test.dev", "y.x.test.dev", "z.test.dev", "other.dev"];
    private static readonly string[] Hostnames = ["x.test.dev", "*.test.dev", "*.x.test.dev", "y.x.test.dev", "*.dev"];
    private static readonly string[] Paths = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/b", "/%61", "/a%2Fb", "/A"];
    private static readonly string[] Prefixes = ["/", "/a", "/a", "/a/", "/a/b", "/b"];
    private static readonly string[] Expressions = ["/a/.*", "/[ab]", "/.*/c", "("];
    private static readonly string[] Methods = ["GET", "POST", "PUT"];
    private static readonly string[] Values = ["1", "2"];
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);

    /// <summary>Compiles a new configuration.</summary>
    public Snapshot Compile()
    {
        List<InputChange> inputs =
        [
            Upsert("platform", ResourceKind.GatewayClass, "gatehouse", new GatewayClassSpec { ControllerName = ResourceKind.ControllerName }),
            Upsert("platform", ResourceKind.Gateway, "default", new GatewaySpec { GatewayClassName = "gatehouse", Listeners = Listeners() }),
        ];
        inputs.AddRange(backendPorts.Select((port, i) => Upsert(Tenant, ResourceKind.Backend, $"b{i}", new BackendSpec
        {
            Endpoints = [new BackendEndpoint { Address = "127.0.0.1", Port = port }],
        })));
        var routes = _random.Next(2, 8);
        for (var i = 0; i < routes; i++)
            inputs.Add(Upsert(Tenant, ResourceKind.HttpRoute, $"r{i}", Route(i)));
        return Compiler.Compile(inputs, new CompilerOptions { HostnameVerification = false });
    }

    /// <summary>A request: method, listener port, host, target and headers.</summary>
    public (string Method, int Port, string Host, string Target, IReadOnlyList<(string Name, string Value)> Headers) Request() => (
        Pick(Methods),
        Pick(Ports),
        Pick(Hosts),
        Pick(Paths) + (Maybe() ? $"?q={Pick(Values)}" : ""),
        [.. Enumerable.Range(0, _random.Next(3)).Select(i => ($"h{i}", Pick(Values)))]);

    private Listener[] Listeners()
    {
        var names = new List<string?> { null, null };
        names.AddRange(Hostnames.Where(_ => Maybe()));
        return [.. names.Select((hostname, i) => new Listener
        {
            Name = $"l{i}",
            Port = i < 2 ? Ports[i] : Pick(Ports),
            Protocol = "HTTP",
            Hostname = hostname,
            AllowedRoutes = new AllowedRoutes { Namespaces = new RouteNamespaces { From = "All" } },
        })];
    }

    private HttpRouteSpec Route(int index) => new()
    {
        ParentRefs = [new ParentReference { Name = "default", Namespace = "platform" }],
        Hostnames = Maybe() ? [.. Hostnames.Where(_ => Maybe())] : null,
        Rules = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(i => Rule($"{index}/{i}"))],
    };

    private HttpRouteRule Rule(string name)
    {
        List<HttpRouteFilter> filters = [new() { Type = "ResponseHeaderModifier", ResponseHeaderModifier = new HttpHeaderFilter { Set = [new HttpHeader("x-rule", name)] } }];
        var matches = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Match()).ToArray();
        switch (_random.Next(6))
        {
            case 0:
                filters.Add(new() { Type = "RequestRedirect", RequestRedirect = new HttpRequestRedirectFilter { StatusCode = 307, Hostname = "elsewhere.dev" } });
                return new HttpRouteRule { Matches = matches, Filters = filters };
            case 1:
                filters.Add(new() { Type = "URLRewrite", UrlRewrite = new HttpUrlRewriteFilter { Path = new HttpPathModifier { Type = "ReplaceFullPath", ReplaceFullPath = $"/rewritten/{name}" } } });
                break;
        }
        return new HttpRouteRule
        {
            Matches = matches,
            Filters = filters,
            BackendRefs = [.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => new HttpBackendRef { Name = _random.Next(5) == 0 ? "ghost" : $"b{_random.Next(backendPorts.Count)}", Weight = _random.Next(3) })],
        };
    }

    private HttpRouteMatch Match()
    {
        var type = Pick("PathPrefix", "PathPrefix", "Exact", "RegularExpression");
        return new HttpRouteMatch
        {
            Path = _random.Next(6) > 0 ? new HttpPathMatch { Type = type, Value = type == "RegularExpression" ? Pick(Expressions) : Pick(Prefixes) } : null,
            Method = _random.Next(3) == 0 ? Pick(Methods) : null,
            Headers = _random.Next(3) == 0 ? [.. Enumerable.Range(0, _random.Next(1, 3)).Select(i => new HttpHeaderMatch { Name = $"H{i}", Value = Pick(Values) })] : null,
            QueryParams = _random.Next(4) == 0 ? [new HttpQueryParamMatch { Name = "q", Value = Pick(Values) }] : null,
        };
    }

    private ResourceUpsert Upsert<TSpec>(string tenant, string kind, string name, TSpec spec)
        where TSpec : class =>
        new(new Resource<TSpec> { Key = new ResourceKey(kind, tenant, name), CreatedAt = Epoch.AddMinutes(_random.Next(3)), Spec = spec });

    private bool Maybe() => _random.Next(2) == 0;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    public override string ToString() => seed.ToString(CultureInfo.InvariantCulture);
}
