using System.Net;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Hardening;

/// <summary>The table is untrusted input, and routes of several tenants may share a host.</summary>
public sealed class PoisonRuleTests
{
    [Fact]
    public async Task Rule_ThatCannotRun_FailsClosedAloneAndIsReported()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)]));
        var poison = Rule([], new RedirectAction { StatusCode = 302, Path = new PathChange("/a\r\nX-Injected: 1") }) with { Source = new RuleSource("HTTPRoute", "evil", "poison", 0) };
        var host = Host("shop.test", Rule([To("v1")])) with { Rules = [Rule([To("v1")]), poison], Matches = [Prefix("/poison", 1), Prefix("/")] };
        var refusal = Assert.Single(gateway.Tables.Apply([new TableEdit(Gatehouse.Contracts.Feed.FeedEntry.Hosts, host.Key, host)]));
        Assert.Contains("HTTPRoute/evil/poison/0 answers 500", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, (await gateway.GetAsync("shop.test", "/poison")).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("shop.test")).Status);
    }

    [Fact]
    public async Task Timeout_BeyondWhatATimerTakes_IsServed()
    {
        await using var backend = await TestBackend.StartAsync();
        const long Longest = 99_999L * 3_600_000;
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]) with { RequestTimeoutMs = Longest, BackendRequestTimeoutMs = Longest })));
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("shop.test")).Status);
    }
}
