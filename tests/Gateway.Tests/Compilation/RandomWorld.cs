using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>Random changes in a world so small that everything meets everything: few tenants, names, ports and addresses.</summary>
internal sealed partial class RandomWorld(int seed)
{
    private static readonly string[] Tenants = ["platform", "red", "blue"];
    private static readonly string[] Names = ["default", "a", "b"];
    private static readonly string[] Hosts = ["x.test.dev", "*.test.dev", "y.x.test.dev", "z.dev", "*.x.test.dev"];
    private static readonly string[] Froms = ["All", "All", "All", "Same", "Selector", "None"];

    private readonly Random _random = new(seed);
    private readonly Dictionary<object, InputChange> _present = [];

    /// <summary>What is there after all changes so far.</summary>
    public IReadOnlyList<InputChange> Present => [.. _present.Values];

    /// <summary>The next change; its effect is part of <see cref="Present"/> from now on.</summary>
    public InputChange Next()
    {
        if (_random.Next(6) == 0 && _present.Count > 0)
        {
            // A tenant takes all that is its own with it: not so often that nothing can grow.
            var victim = _present.ElementAt(_random.Next(_present.Count)).Value;
            if (victim is not TenantUpsert || _random.Next(8) == 0)
                return Remove(victim);
        }
        var change = Create();
        _present[IdOf(change)] = change;
        return change;
    }

    private static object IdOf(InputChange change) => change switch
    {
        ResourceUpsert upsert => upsert.Resource.Key,
        TenantUpsert upsert => upsert.Tenant.Name,
        ClaimUpsert upsert => (upsert.Claim.Hostname, upsert.Claim.Tenant),
        ChallengeUpsert upsert => (upsert.Challenge.Token, upsert.Challenge.Tenant, "challenge"),
        _ => throw new ArgumentException(change.ToString()),
    };

    private InputChange Remove(InputChange present)
    {
        _present.Remove(IdOf(present));
        switch (present)
        {
            case ResourceUpsert upsert:
                return new ResourceRemoval(upsert.Resource.Key);
            case ClaimUpsert upsert:
                return new ClaimRemoval(upsert.Claim.Hostname, upsert.Claim.Tenant);
            case ChallengeUpsert upsert:
                return new ChallengeRemoval(upsert.Challenge.Tenant, upsert.Challenge.Token);
            case TenantUpsert upsert:
                foreach (var (id, change) in _present.ToArray())
                {
                    if (change is ResourceUpsert owned && owned.Resource.Key.Tenant == upsert.Tenant.Name || change is ClaimUpsert claim && claim.Claim.Tenant == upsert.Tenant.Name
                        || change is ChallengeUpsert challenge && challenge.Challenge.Tenant == upsert.Tenant.Name)
                        _present.Remove(id);
                }
                return new TenantRemoval(upsert.Tenant.Name);
            default:
                throw new ArgumentException(present.ToString());
        }
    }

    // Without a class and an open Gateway to begin with, little would ever serve.
    private InputChange Create() => _present.Count == 0
        ? Upsert(ResourceKind.GatewayClass, "platform", "gatehouse", new GatewayClassSpec { ControllerName = ResourceKind.ControllerName })
        : _present.Count == 1
            ? Upsert(ResourceKind.Gateway, "platform", "default", OpenGateway)
            : CreateAny();

    private InputChange CreateAny() => _random.Next(41) switch
    {
        0 => new TenantUpsert(new TenantInfo(Pick(Tenants), Maybe() ? new Dictionary<string, string> { ["tier"] = Pick("gold", "tin") } : [])),
        1 or 2 => new ClaimUpsert(new HostnameClaim(Pick(Hosts), Pick(Tenants), Pick(ClaimState.Verified, ClaimState.Verified, ClaimState.Pending, ClaimState.Lost))),
        3 => Upsert(ResourceKind.GatewayClass, "platform", Pick("gatehouse", "other", "other"), Class()),
        4 or 5 => Upsert(ResourceKind.Gateway, Pick(Tenants), Pick(Names), Gateway()),
        6 => Upsert(ResourceKind.ListenerSet, Pick(Tenants), Pick(Names), new ListenerSetSpec { ParentRef = Parent(ResourceKind.Gateway), Listeners = Listeners() }),
        7 or 8 => Upsert(ResourceKind.Hostname, Pick(Tenants), Pick(Hosts), HostnameOptions() with { Gateways = Maybe() ? [new GatewayReference { Namespace = Pick(Tenants), Name = Pick(Names) }, new GatewayReference { Namespace = "platform", Name = "default" }] : null }),
        9 => Upsert(ResourceKind.ReferenceGrant, Pick(Tenants), Pick(Names), Grant()),
        24 or 25 => Upsert(ResourceKind.Certificate, Pick(Tenants), Pick(Names), Certificate()),
        26 => Upsert(ResourceKind.ConfigMap, Pick(Tenants), Pick(Names), Authorities()),
        27 => Upsert(ResourceKind.ReferenceGrant, Pick(Tenants), Pick(Names), SecretGrant()),
        28 => Upsert(ResourceKind.TcpRoute, Pick(Tenants), Pick(Names), new TcpRouteSpec { UseDefaultGateways = DefaultGateways(), ParentRefs = Parents(), Rules = StreamRules() }),
        29 => Upsert(ResourceKind.UdpRoute, Pick(Tenants), Pick(Names), new UdpRouteSpec { ParentRefs = Parents(), Rules = StreamRules() }),
        30 => Upsert(ResourceKind.TlsRoute, Pick(Tenants), Pick(Names), new TlsRouteSpec { UseDefaultGateways = DefaultGateways(), ParentRefs = Maybe() ? Parents() : null, Hostnames = [Pick(Hosts), Pick(Hosts)], Rules = StreamRules() }),
        >= 38 => new ChallengeUpsert(Challenge()),
        >= 31 => CreateLayer7(),
        10 or 11 or 12 => Upsert(ResourceKind.Backend, Pick(Tenants), Pick(Names), Backend()),
        _ => Upsert(ResourceKind.HttpRoute, Pick(Tenants), Pick("a", "b", "c", "d", "e", "f"), Route()),
    };

    // Tokens are few, so that tenants meet even there.
    private HostnameChallenge Challenge() => new(Pick(Tenants), Pick(Hosts), Pick("http-01", "tls-alpn-01", "tls-alpn-01", "dns-01"), Pick("token1", "token2", "token3"), "k." + _random.Next(2));

    private static GatewaySpec OpenGateway => new()
    {
        GatewayClassName = "gatehouse",
        Listeners = [new Listener { Name = "l0", Port = 80, Protocol = "HTTP", AllowedRoutes = new AllowedRoutes { Namespaces = new RouteNamespaces { From = "All" } } }],
        AllowedListeners = new AllowedListeners { Namespaces = new RouteNamespaces { From = "All" } },
    };

    private GatewayClassSpec Class() => new()
    {
        ControllerName = _random.Next(10) == 0 ? "example.com/other" : ResourceKind.ControllerName,
        Target = Maybe() ? new GatewayClassTarget { Pool = Pick("default", "edge") } : null,
        TenantGateways = _random.Next(4) == 0 ? null : new TenantGateways { Ports = Maybe() ? [80, 8080] : [80, 443], Addresses = ["10.0.0.0/24"] },
    };

    private GatewaySpec Gateway() => new()
    {
        GatewayClassName = Pick("gatehouse", "gatehouse", "gatehouse", "gatehouse", "other"),
        Listeners = Listeners(),
        Addresses = Maybe() ? [new GatewaySpecAddress { Value = Pick("10.0.0.1", "10.0.0.2") }] : null,
        AllowedListeners = _random.Next(3) == 0 ? null : new AllowedListeners { Namespaces = From() },
        Tls = _random.Next(4) == 0 ? GatewayTls() : null,
        DefaultScope = _random.Next(4) == 0 ? "All" : null,
    };

    private Listener[] Listeners() => [.. Enumerable.Range(0, _random.Next(1, 3)).Select(Listener)];

    private RouteNamespaces From() => new()
    {
        From = Pick(Froms),
        Selector = new LabelSelector { MatchExpressions = [new LabelSelectorRequirement { Key = "tier", Operator = Pick("In", "NotIn", "Exists", "DoesNotExist"), Values = ["gold"] }] },
    };

    private ParentReference Parent(string kind) => new()
    {
        Kind = kind,
        Namespace = Pick("platform", "platform", "red", "blue", null),
        Name = kind == ResourceKind.ListenerSet && Maybe() ? Pick(Hosts) : Pick("default", "default", "a", "b"),
        SectionName = kind != ResourceKind.Gateway || _random.Next(3) > 0 ? null : Pick("l0", "l1"),
    };

    private ReferenceGrantSpec Grant() => new()
    {
        From = [new ReferenceGrantFrom(ResourceKind.GatewayApiGroup, Pick(ResourceKind.HttpRoute, ResourceKind.HttpRoute, ResourceKind.GrpcRoute), Pick(Tenants))],
        To = [Maybe() ? new ReferenceGrantTo("gatehouse.dev", "Backend", Maybe() ? Pick(Names) : null) : new ReferenceGrantTo("", "Service")],
    };

    private BackendSpec Backend() => new()
    {
        Endpoints = [new BackendEndpoint { Address = "10.9.9.9", Port = _random.Next(9000, 9004) }],
        Ports = Maybe() ? new Dictionary<string, int> { ["80"] = _random.Next(9000, 9004) } : null,
        Protocol = Pick("http", "http", "h2c", "tcp"),
    };

    private HttpRouteSpec Route() => new()
    {
        UseDefaultGateways = DefaultGateways(),
        ParentRefs = _random.Next(3) > 0 ? [Parent(Pick(ResourceKind.Gateway, ResourceKind.ListenerSet)), Parent(ResourceKind.Gateway)] : null,
        Hostnames = Maybe() ? [Pick(Hosts), Pick(Hosts)] : null,
        Rules = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Rule())],
    };

    private HttpRouteRule Rule() => new()
    {
        Matches = Maybe()
            ? [new HttpRouteMatch
            {
                Path = new HttpPathMatch { Type = Pick("Exact", "PathPrefix", "RegularExpression"), Value = Pick("/", "/a", "/a/b", "/(") },
                Method = Maybe() ? "GET" : null,
                Headers = Maybe() ? [new HttpHeaderMatch { Name = "v", Value = "1" }] : null,
            }]
            : null,
        Filters = Filters(),
        BackendRefs = [new HttpBackendRef
        {
            Name = Pick(Names),
            Namespace = _random.Next(3) == 0 ? Pick(Tenants) : null,
            Weight = _random.Next(4),
            Port = _random.Next(3) == 0 ? 80 : null,
            Kind = _random.Next(4) == 0 ? Pick("Backend", "Service", "Pod") : null,
        }],
    };

    private ResourceUpsert Upsert<T>(string kind, string tenant, string name, T spec)
        where T : class => new(new Resource<T>
        {
            Key = new ResourceKey(kind, tenant, name),
            Spec = spec,
            Generation = _random.Next(1, 4),
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(_random.Next(3)),
        });

    private bool Maybe() => _random.Next(2) == 0;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
