using Gatehouse.Dns.Caa;
using Gatehouse.Testing.Dns;
using Xunit;

namespace Gatehouse.Dns.Tests;

public sealed class CaaPolicyTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Zones = new()
    {
        ["test"] = "example NS ns.test.",
        ["example.test"] = """
            @ CAA 0 issue "ca.example; validationmethods=dns-01,http-01; accounturi=https://ca.example/acct/1"
            @ CAA 0 issuewild "wild.example"
            @ CAA 0 iodef "mailto:a@example.test"
            open CAA 0 iodef "mailto:a@example.test"
            nobody CAA 0 issue ";"
            broken CAA 0 issue "ca.example; %%%"
            future CAA 128 tbs "x"
            soft CAA 0 tbs "x"
            soft CAA 0 issue "ca.example"
            two CAA 0 issue "other.example"
            two CAA 0 issue "CA.example"
            alias CNAME www.other.test.
            dangling CNAME nothing.example.test.
            dead NS ns.elsewhere.invalid.
            """,
        ["other.test"] = "www CAA 0 issue \"other.example\"\n@ CAA 0 issue \"another.example\"",
    };

    private KnotServer _knot = null!;

    public async Task InitializeAsync() => _knot = await KnotServer.StartAsync(Zones);

    public async Task DisposeAsync() => await _knot.DisposeAsync();

    [Theory]
    [InlineData("example.test", "ca.example", CaaReason.Allowed, "example.test")]
    [InlineData("EXAMPLE.test.", "CA.EXAMPLE", CaaReason.Allowed, "example.test")]
    [InlineData("a.b.c.example.test", "ca.example", CaaReason.Allowed, "example.test")]
    [InlineData("a.b.c.example.test", "other.example", CaaReason.OtherAuthorities, "example.test")]
    [InlineData("*.example.test", "ca.example", CaaReason.OtherAuthorities, "example.test")]
    [InlineData("*.example.test", "wild.example", CaaReason.Allowed, "example.test")]
    [InlineData("*.two.example.test", "ca.example", CaaReason.Allowed, "two.example.test")]
    [InlineData("open.example.test", "any.example", CaaReason.Allowed, "open.example.test")]
    [InlineData("nobody.example.test", "ca.example", CaaReason.OtherAuthorities, "nobody.example.test")]
    [InlineData("broken.example.test", "ca.example", CaaReason.OtherAuthorities, "broken.example.test")]
    [InlineData("future.example.test", "ca.example", CaaReason.UnknownCritical, "future.example.test")]
    [InlineData("soft.example.test", "ca.example", CaaReason.Allowed, "soft.example.test")]
    [InlineData("two.example.test", "ca.example", CaaReason.Allowed, "two.example.test")]
    [InlineData("alias.example.test", "other.example", CaaReason.Allowed, "alias.example.test")] // the target's own records, not those above it
    [InlineData("dangling.example.test", "ca.example", CaaReason.Allowed, "example.test")] // the climb stays in the name's own tree
    public async Task Check_OfARealServer_FollowsTheStandard(string hostname, string authority, CaaReason reason, string domain)
    {
        var verdict = await CheckAsync(new CaaRequest(DnsName.Parse(hostname), [authority]));

        Assert.Equal((reason, domain), (verdict.Reason, verdict.Domain));
        Assert.Equal(reason == CaaReason.Allowed, verdict.Allowed);
        Assert.NotEmpty(verdict.Records);
    }

    [Theory]
    [InlineData("http-01", null, CaaReason.Allowed)]
    [InlineData("tls-alpn-01", null, CaaReason.OtherParameters)]
    [InlineData(null, "https://ca.example/acct/1", CaaReason.Allowed)]
    [InlineData("dns-01", "https://ca.example/acct/2", CaaReason.OtherParameters)]
    public async Task Check_OfParameters_KnowsMethodsAndAccounts(string? method, string? account, CaaReason reason)
    {
        var verdict = await CheckAsync(new CaaRequest(DnsName.Parse("example.test"), ["ca.example"]) { ValidationMethod = method, AccountUri = account });

        Assert.Equal(reason, verdict.Reason);
    }

    [Fact]
    public async Task Check_WithoutRecords_AllowsEverybody()
    {
        await using var root = await KnotServer.StartAsync(new Dictionary<string, string> { ["."] = "" });

        var verdict = await new CaaPolicy(new DnsClient(new DnsClientOptions())).CheckAsync(
            new DnsServer(root.EndPoint.Address, root.Port), new CaaRequest(DnsName.Parse("shop.example.com"), ["ca.example"]), CancellationToken.None);

        Assert.True(verdict.Allowed);
        Assert.Null(verdict.Domain);
    }

    [Fact]
    public async Task Check_OfADomainThatCannotBeRead_Refuses()
    {
        var verdict = await CheckAsync(new CaaRequest(DnsName.Parse("shop.dead.example.test"), ["ca.example"]));

        Assert.Equal((CaaReason.Unreadable, "shop.dead.example.test"), (verdict.Reason, verdict.Domain));
        Assert.Equal(DnsOutcome.ServerFailure, verdict.Failure!.Outcome);
    }

    private Task<CaaVerdict> CheckAsync(CaaRequest request) =>
        new CaaPolicy(new DnsClient(new DnsClientOptions())).CheckAsync(new DnsServer(_knot.EndPoint.Address, _knot.Port), request, CancellationToken.None);
}
