using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Actions;

public sealed class RewriteTests
{
    /// <summary>The table of https://gateway-api.sigs.k8s.io/reference/spec/#httppathmodifier, and its edges.</summary>
    [Theory]
    [InlineData("/foo/bar", "/foo", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo", "/xyz/", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz/", "/xyz/bar")]
    [InlineData("/foo", "/foo", "/xyz", "/xyz")]
    [InlineData("/foo/", "/foo", "/xyz", "/xyz/")]
    [InlineData("/foo/bar", "/foo", "", "/bar")]
    [InlineData("/foo/", "/foo", "", "/")]
    [InlineData("/foo", "/foo", "", "/")]
    [InlineData("/foo/", "/foo", "/", "/")]
    [InlineData("/foo", "/foo", "/", "/")]
    [InlineData("/foo/bar", "/", "/xyz", "/xyz/foo/bar")]
    [InlineData("/", "/", "/xyz", "/xyz/")]
    [InlineData("/foo//bar", "/foo", "/xyz", "/xyz//bar")]
    public void Prefix_Replaced_FollowsTheTable(string path, string prefix, string replacement, string expected) =>
        Assert.Equal(expected, PathChanges.Apply(new PathChange(null, prefix, replacement), path));

    [Fact]
    public async Task Rewrite_OfHostAndPath_ReachesTheBackend()
    {
        await using var backend = await TestBackend.StartAsync();
        var rule = Rule([To("v1")], new UrlRewriteAction { Hostname = "inner.test", Path = new PathChange(null, "/foo", "/xyz") });
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", rule)));
        var echo = await gateway.EchoAsync("shop.test", "/f%6Fo/b%2Fr?q=%20");
        Assert.Equal("/xyz/b%2Fr?q=%20", echo.Target);
        Assert.Equal("inner.test", echo.Host);
        Assert.Equal("shop.test", echo.Headers["X-Forwarded-Host"]);
    }

    [Fact]
    public async Task RequestHeaders_SetAddRemove_AreChangedInRuleAndBackendOrder()
    {
        await using var backend = await TestBackend.StartAsync();
        var rule = Rule(
            [To("v1", 1, new RequestHeadersAction(new HeaderChanges([], [new("X-Add", "c")], [])))],
            new RequestHeadersAction(new HeaderChanges([new("X-Set", "new"), new("Host", "set.test"), new("Content-Length", "99")], [new("X-Add", "b")], ["X-Gone", "Host"])));
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", rule)));
        var echo = await gateway.EchoAsync("shop.test", "/", null, ("X-Set", "old"), ("X-Add", "a"), ("X-Gone", "1"));
        Assert.Equal("new", echo.Headers["X-Set"]);
        Assert.Equal("a,b,c", echo.Headers["X-Add"]);
        Assert.False(echo.Headers.ContainsKey("X-Gone"));
        Assert.Equal("set.test", echo.Host);
        Assert.False(echo.Headers.ContainsKey("Content-Length"));
    }

    [Fact]
    public async Task ResponseHeaders_SetAddRemove_AreChanged()
    {
        await using var backend = await TestBackend.StartAsync(handler: context =>
        {
            context.Response.Headers["X-Set"] = "old";
            context.Response.Headers["X-Gone"] = "1";
            context.Response.Headers["X-Add"] = "a";
            return Task.CompletedTask;
        });
        var rule = Rule([To("v1")], new ResponseHeadersAction(new HeaderChanges([new("X-Set", "new")], [new("X-Add", "b")], ["X-Gone"])));
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", rule)));
        var (_, headers, _) = await gateway.GetAsync("shop.test");
        Assert.Equal("new", headers.GetValues("X-Set").Single());
        Assert.Equal(["a", "b"], headers.GetValues("X-Add"));
        Assert.False(headers.Contains("X-Gone"));
    }

    [Theory]
    [InlineData("X-Bad\r\n", "v")]
    [InlineData("X-Bad", "v\r\nX-Smuggled: 1")]
    [InlineData("X-Bad", "v\0")]
    [InlineData("X Bad", "v")]
    public void Action_ThatWouldBreakAMessage_IsRefused(string name, string value) =>
        Assert.Throws<MatchTableException>(() => RuleActions.Compile([new RequestHeadersAction(new HeaderChanges([new(name, value)], [], []))]));
}
