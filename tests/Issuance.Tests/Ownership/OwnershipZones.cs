using System.Net;
using Gatehouse.Dns;
using Gatehouse.Issuance.Ownership;
using Gatehouse.Testing.Dns;
using Xunit;

namespace Gatehouse.Issuance.Tests.Ownership;

/// <summary>A knotd that plays the Internet: the root, a top-level domain, ours, and a tenant's zones with everything that goes wrong.</summary>
public sealed class OwnershipZones : IAsyncLifetime
{
    /// <summary>What proves every name here.</summary>
    public const string Token = "gatehouse-verify=Q2xhaW0tb2Ytc2hvcC1leGFtcGxlLXRlc3Q";

    /// <summary>A token of another claim.</summary>
    public const string OtherToken = "gatehouse-verify=QW5vdGhlci1jbGFpbS1vZi1zb21lYm9keSE";

    /// <summary>What proves the whole of example.test and apex.test.</summary>
    public const string DomainToken = "gatehouse-domain=RG9tYWluLW9mLWV4YW1wbGUtdGVzdC1hbGw";

    public const string EdgeName = "edge.gate.test";

    public const string Target = "t-shop.gate.test";

    public static readonly IPAddress[] Edge = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")];

    private static readonly Dictionary<string, string> Zones = new()
    {
        ["."] = "",
        ["test"] = "lame NS ns.nowhere.test.\n",
        ["gate.test"] = """
            edge A 192.0.2.1
            edge AAAA 2001:db8::1
            t-shop CNAME edge
            t-other CNAME edge
            acme TXT "acme"
            empty TXT "no address"
            """,
        ["example.test"] = $"""
            @ CAA 0 issue "ca.example"
            @ CAA 0 issuewild "wild.example"
            good CNAME edge.gate.test.
            _gatehouse-challenge.good TXT "{Token}"
            several CNAME edge.gate.test.
            _gatehouse-challenge.several TXT "v=spf1 -all"
            _gatehouse-challenge.several TXT "{OtherToken}"
            _gatehouse-challenge.several TXT "{Token[..20]}" "{Token[20..]}"
            missing CNAME edge.gate.test.
            aliased CNAME t-shop.gate.test.
            other CNAME t-other.gate.test.
            wrong CNAME edge.gate.test.
            _gatehouse-challenge.wrong TXT "v=spf1 -all"
            swapped CNAME edge.gate.test.
            _gatehouse-challenge.swapped TXT "{DomainToken}"
            old CNAME edge.gate.test.
            _gatehouse-challenge.old TXT "{OtherToken}"
            quoted CNAME edge.gate.test.
            _gatehouse-challenge.quoted TXT "\"{Token}\""
            spaced CNAME edge.gate.test.
            _gatehouse-challenge.spaced TXT " {Token} "
            pasted CNAME edge.gate.test.
            _gatehouse-challenge.pasted TXT "_gatehouse-challenge.pasted.example.test={Token}"
            itself A 192.0.2.1
            itself AAAA 2001:db8::1
            itself TXT "{Token}"
            _gatehouse-challenge.deep TXT "{Token}"
            below.deep CNAME edge.gate.test.
            twice CNAME edge.gate.test.
            _gatehouse-challenge.twice.example.test TXT "{Token}"
            blocked CNAME edge.gate.test.
            _gatehouse-challenge.blocked CNAME edge.gate.test.
            nothing TXT "no address"
            elsewhere A 198.51.100.7
            away CNAME www.elsewhere.test.
            dangling CNAME gone.elsewhere.test.
            hollow CNAME empty.gate.test.
            partly A 192.0.2.1
            partly A 198.51.100.7
            stale A 192.0.2.1
            stale AAAA 2001:db8::bad
            proxied A 104.16.1.1
            private A 10.1.2.3
            loop CNAME pool
            pool CNAME loop
            *.stars CNAME edge.gate.test.
            _gatehouse-challenge.stars TXT "{Token}"
            _acme-challenge.stars CNAME stars.acme.gate.test.
            _acme-challenge.bent CNAME somewhere.elsewhere.test.
            _acme-challenge.text TXT "old proof"
            critical CAA 128 tbs "x"
            bound CAA 0 issue "ca.example; validationmethods=dns-01"
            hostile TXT "x"
            _gatehouse-challenge.hostile TXT "line\010break \027[31m<script>"
            """,
        ["apex.test"] = $"""
            @ SOA ns.example.test. hostmaster 1 3600 600 86400 60
            @ NS ns.example.test.
            _gatehouse-domain TXT "{DomainToken}"
            """,
        ["elsewhere.test"] = "www A 198.51.100.7",
    };

    public KnotServer Knot { get; private set; } = null!;

    public DnsServer Server => new(Knot.EndPoint.Address, Knot.Port);

    public async Task InitializeAsync() => Knot = await KnotServer.StartAsync(Zones);

    public async Task DisposeAsync() => await Knot.DisposeAsync();

    /// <summary>What is expected of a name, with addresses and a name of ours.</summary>
    public static HostnameExpectation Expect(string hostname)
    {
        var bare = hostname.StartsWith("*.", StringComparison.Ordinal) ? hostname[2..] : hostname;
        return new HostnameExpectation(hostname, new ExpectedRecord($"_gatehouse-challenge.{bare}", Token)) { EdgeAddresses = Edge, EdgeName = EdgeName };
    }

    /// <summary>Looks, with resolvers of one's own or this one.</summary>
    public Task<HostnameInspection> InspectAsync(HostnameExpectation expected, params DnsServer[] resolvers) =>
        new HostnameInspector(new HostnameInspectorOptions
        {
            Resolvers = resolvers.Length > 0 ? resolvers : [Server],
            Timeout = TimeSpan.FromSeconds(4),
            Client = new DnsClientOptions { Tries = 2, TryTimeout = TimeSpan.FromMilliseconds(600) },
        }).InspectAsync(expected, CancellationToken.None);

    /// <summary>A scripted server as a resolver.</summary>
    public static DnsServer ServerOf(ScriptedDnsServer server) => new(server.EndPoint.Address, server.EndPoint.Port);
}
