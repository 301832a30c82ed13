using System.Net;
using Gatehouse.DataPlane.Sessions;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Sessions;

/// <summary>https://gateway-api.sigs.k8s.io/geps/gep-1619/.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private static readonly SessionEntry Cookie = new("sid", Header: false, null, Permanent: false, "/");

    private readonly List<TestBackend> _backends = [];

    public async Task InitializeAsync()
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
            _backends.Add(await TestBackend.StartAsync(name));
    }

    public async Task DisposeAsync()
    {
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task Cookie_OfASession_KeepsBackendAndEndpointOnEveryReplica()
    {
        await using var gateway = await GatewayAsync(Cookie, 50, 50);
        await using var replica = await GatewayAsync(Cookie, 50, 50);
        for (var session = 0; session < 8; session++)
        {
            var (backend, cookie, header) = await StartAsync(gateway);
            Assert.Equal($"{cookie}; Path=/; HttpOnly; SameSite=Strict", header);
            for (var i = 0; i < 6; i++)
            {
                var (_, headers, body) = await (i % 2 == 0 ? gateway : replica).GetAsync("shop.test", "/", null, ("Cookie", $"x=y; {cookie}; z=1"));
                Assert.Equal(backend, Echo.Read(body).Backend);
                Assert.False(headers.Contains("Set-Cookie"));
            }
        }
    }

    [Fact]
    public async Task Sessions_Without_FollowTheWeights()
    {
        await using var gateway = await GatewayAsync(Cookie, 70, 30);
        var first = 0;
        for (var i = 0; i < 100; i++)
            first += (await StartAsync(gateway)).Backend is "a" or "b" ? 1 : 0;
        Assert.InRange(first, 66, 74);
    }

    [Fact]
    public async Task Session_WithABackend_OutlivesItsWeight()
    {
        await using var gateway = await GatewayAsync(Cookie, 100, 0);
        var (backend, cookie, _) = await StartAsync(gateway);
        gateway.Set(HostOf(Cookie, 0, 100));
        for (var i = 0; i < 5; i++)
            Assert.Equal(backend, (await gateway.EchoAsync("shop.test", "/", null, ("Cookie", cookie))).Backend);
        Assert.Contains((await gateway.EchoAsync("shop.test")).Backend, new[] { "c", "d" });
        gateway.Set(HostOf(Cookie, 0, 0));
        Assert.Equal(backend, (await gateway.EchoAsync("shop.test", "/", null, ("Cookie", cookie))).Backend);
    }

    [Fact]
    public async Task Session_WithAnEndpointThatIsGone_StartsAnew()
    {
        await using var gateway = await GatewayAsync(Cookie, 100, 0);
        var (backend, cookie, _) = await StartAsync(gateway);
        var left = backend == "a" ? 1 : 0;
        gateway.Set(Backend("v1", _backends[left].Port));
        var (_, headers, body) = await gateway.GetAsync("shop.test", "/", null, ("Cookie", cookie));
        Assert.Equal(left == 0 ? "a" : "b", Echo.Read(body).Backend);
        Assert.NotEqual(cookie, headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }

    [Fact]
    public async Task Session_OfOneRule_IsNoneOfAnother()
    {
        var first = Rule([To("v1")]) with { Session = Cookie };
        var second = first with { Source = first.Source with { Rule = 1 } };
        var host = new HostEntry { Listener = ListenerId, Hostname = "shop.test", Rules = [first, second], Matches = [Prefix("/a"), Prefix("/b", 1)] };
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", _backends[0].Port, _backends[1].Port)], host));
        var (_, headers, _) = await gateway.GetAsync("shop.test", "/a");
        var cookie = headers.GetValues("Set-Cookie").Single().Split(';')[0];
        (_, headers, _) = await gateway.GetAsync("shop.test", "/b", null, ("Cookie", cookie));
        Assert.True(headers.Contains("Set-Cookie"));
        (_, headers, _) = await gateway.GetAsync("shop.test", "/a", null, ("Cookie", cookie));
        Assert.False(headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Session_BeyondItsAbsoluteTimeout_StartsAnew()
    {
        await using var gateway = await GatewayAsync(Cookie with { AbsoluteTimeoutMs = 700 }, 100, 0);
        var (_, cookie, _) = await StartAsync(gateway);
        Assert.False((await gateway.GetAsync("shop.test", "/", null, ("Cookie", cookie))).Headers.Contains("Set-Cookie"));
        await Task.Delay(900);
        Assert.True((await gateway.GetAsync("shop.test", "/", null, ("Cookie", cookie))).Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Token_WithAnotherBeginning_IsRefused()
    {
        await using var gateway = await GatewayAsync(Cookie, 100, 0);
        var (_, cookie, _) = await StartAsync(gateway);
        Assert.True(SessionToken.TryParse(cookie.AsSpan(4), out var token));
        var forged = token with { Began = token.Began + 1 };
        Assert.True((await gateway.GetAsync("shop.test", "/", null, ("Cookie", $"sid={forged}"))).Headers.Contains("Set-Cookie"));
        Assert.False((await gateway.GetAsync("shop.test", "/", null, ("Cookie", $"sid={forged}; sid={token}"))).Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("sid=")]
    [InlineData("sid=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sid=!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData(";;=;sid;sid==")]
    public async Task Token_Malformed_StartsASession(string cookie)
    {
        await using var gateway = await GatewayAsync(Cookie, 100, 0);
        var (status, headers, _) = await gateway.GetAsync("shop.test", "/", null, ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task PermanentCookie_OfAPath_SaysBoth()
    {
        await using var gateway = await GatewayAsync(Cookie with { Permanent = true, AbsoluteTimeoutMs = 300_000, Path = "/app" }, 100, 0);
        Assert.EndsWith("; Path=/app; HttpOnly; SameSite=Strict; Max-Age=300", (await StartAsync(gateway)).Header, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_OfASession_KeepsTheEndpoint()
    {
        await using var gateway = await GatewayAsync(new SessionEntry("X-Session", Header: true, null, false, "/"), 50, 50);
        var (_, headers, body) = await gateway.GetAsync("shop.test");
        var token = headers.GetValues("X-Session").Single();
        for (var i = 0; i < 6; i++)
            Assert.Equal(Echo.Read(body).Backend, (await gateway.EchoAsync("shop.test", "/", null, ("X-Session", token))).Backend);
    }

    [Fact]
    public async Task Endpoint_OfASessionThatCannotBeReached_IsLeftByARetry()
    {
        await using var gateway = await GatewayAsync(Cookie, 100, 0, new RetryEntry(1, [500], 0));
        var (backend, cookie, _) = await StartAsync(gateway);
        await _backends[backend == "a" ? 0 : 1].DisposeAsync();
        var (status, headers, body) = await gateway.GetAsync("shop.test", "/", null, ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotEqual(backend, Echo.Read(body).Backend);
        Assert.True(headers.Contains("Set-Cookie"));
    }

    private Task<TestGateway> GatewayAsync(SessionEntry session, int first, int second, RetryEntry? retry = null) => TestGateway.StartAsync(Table(
        [Backend("v1", _backends[0].Port, _backends[1].Port), Backend("v2", _backends[2].Port, _backends[3].Port)], HostOf(session, first, second, retry)));

    private static HostEntry HostOf(SessionEntry session, int first, int second, RetryEntry? retry = null) =>
        Host("shop.test", Rule([To("v1", first), To("v2", second)]) with { Session = session, Retry = retry });

    private static async Task<(string Backend, string Cookie, string Header)> StartAsync(TestGateway gateway)
    {
        var (_, headers, body) = await gateway.GetAsync("shop.test");
        var header = headers.GetValues("Set-Cookie").Single();
        return (Echo.Read(body).Backend, header.Split(';')[0], header);
    }
}
