using System.Net;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Actions;

public sealed class RedirectTests
{
    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter, port and scheme.</summary>
    [Theory]
    [InlineData(80, null, null, null, "http://shop.test/a?b=c")]
    [InlineData(80, "https", null, null, "https://shop.test/a?b=c")]
    [InlineData(80, "http", null, null, "http://shop.test/a?b=c")]
    [InlineData(80, null, "new.test", null, "http://new.test/a?b=c")]
    [InlineData(80, null, null, 8080, "http://shop.test:8080/a?b=c")]
    [InlineData(80, null, null, 80, "http://shop.test/a?b=c")]
    [InlineData(80, "https", null, 443, "https://shop.test/a?b=c")]
    [InlineData(80, "https", null, 80, "https://shop.test:80/a?b=c")]
    [InlineData(80, "https", "new.test", 8443, "https://new.test:8443/a?b=c")]
    [InlineData(8080, null, null, null, "http://shop.test:8080/a?b=c")]
    [InlineData(8080, "http", null, null, "http://shop.test/a?b=c")]
    [InlineData(8080, "https", null, null, "https://shop.test/a?b=c")]
    public async Task Location_BySchemeAndPort_FollowsTheRules(int listenerPort, string? scheme, string? host, int? port, string expected)
    {
        var (status, location) = await RedirectAsync(
            new RedirectAction { StatusCode = 302, Scheme = scheme, Hostname = host, Port = port }, "/a?b=c", listenerPort);
        Assert.Equal(HttpStatusCode.Found, status);
        Assert.Equal(expected, location);
    }

    [Theory]
    [InlineData("/full", null, null, "/foo/bar?x=1", "/full?x=1")]
    [InlineData(null, "/foo", "/xyz", "/foo/bar?x=1", "/xyz/bar?x=1")]
    [InlineData(null, "/foo", "/", "/foo", "/")]
    public async Task Location_WithPathChange_KeepsTheQuery(string? full, string? prefix, string? replacement, string path, string expected)
    {
        var (status, location) = await RedirectAsync(new RedirectAction { StatusCode = 308, Path = new PathChange(full, prefix, replacement) }, path, 80);
        Assert.Equal(HttpStatusCode.PermanentRedirect, status);
        Assert.Equal($"http://shop.test{expected}", location);
    }

    [Fact]
    public async Task Redirect_WithResponseHeaders_CarriesThem()
    {
        var rule = Rule([], new ResponseHeadersAction(new HeaderChanges([new("X-Why", "moved")], [], [])), new RedirectAction { StatusCode = 301, Scheme = "https" });
        await using var gateway = await TestGateway.StartAsync(Table([], Host("shop.test", rule)));
        var (status, headers, _) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.MovedPermanently, status);
        Assert.Equal("moved", headers.GetValues("X-Why").Single());
    }

    private static async Task<(HttpStatusCode Status, string Location)> RedirectAsync(RedirectAction redirect, string path, int listenerPort)
    {
        var port = FreePort.Next();
        var table = Table([], Host("shop.test", Rule([], redirect))) with
        {
            Listeners = new Dictionary<string, ListenerEntry> { [ListenerId] = Listener(listenerPort) },
        };
        await using var gateway = await TestGateway.StartAsync(table, options => options with { Publish = new Dictionary<int, int> { [listenerPort] = port } });
        var answer = await gateway.RawAsync($"GET {path} HTTP/1.1\r\nHost: shop.test:999\r\nConnection: close\r\n\r\n", port);
        var lines = answer.Split("\r\n");
        return ((HttpStatusCode)int.Parse(lines[0].Split(' ')[1], null), lines.Single(line => line.StartsWith("Location: ", StringComparison.Ordinal))[10..]);
    }
}
