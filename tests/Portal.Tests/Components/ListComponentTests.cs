using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Lists;
using Gatehouse.Portal.Tenants;
using Xunit;
using static Gatehouse.Portal.Tests.Components.Rendering;

namespace Gatehouse.Portal.Tests.Components;

public sealed class ListComponentTests
{
    [Fact]
    public async Task Pager_OnTheOnlyPage_ShowsNothing() => Assert.Equal("", (await RenderAsync<Pager>()).Trim());

    [Fact]
    public async Task Pager_InTheMiddle_KeepsTheSearchInBothLinks()
    {
        var html = await RenderAsync<Pager>(("After", "abc"), ("Next", "d/e"), ("Remaining", 1234L));
        Assert.Contains("href=\"http://portal/tenants/shop/routes?q=web\"", html, StringComparison.Ordinal);
        Assert.Contains("?q=web&amp;after=d%2Fe", html, StringComparison.Ordinal);
        Assert.Contains("1,234 more", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmptyState_WithCommand_ShowsItToCopy()
    {
        var command = CurlCommand.Put("https://gatehouse.example.com", "tenants/shop/hostnames/shop.example.com", """{"spec":{}}""");
        var html = await RenderAsync<EmptyState>(("Title", "No hostname yet"), ("Text", "Claim one."), ("Command", command));
        Assert.Contains("curl -X PUT https://gatehouse.example.com/api/v1/tenants/shop/hostnames/shop.example.com", html, StringComparison.Ordinal);
        Assert.Contains("data-copy=", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NextStep_WithABackend_AsksForTheHostnameNext()
    {
        var html = await RenderAsync<NextStep>(("Overview", Overview(backends: 1)));
        Assert.Contains("Add a backend<span class=\"visually-hidden\">, done</span>", html, StringComparison.Ordinal);
        Assert.Contains("https://gatehouse.example.com/api/v1/tenants/shop/hostnames/shop.example.com", html, StringComparison.Ordinal);
        Assert.DoesNotContain("httproutes", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NextStep_WithEverything_IsGone() =>
        Assert.Equal("", (await RenderAsync<NextStep>(("Overview", Overview(backends: 1, hostnames: 1, routes: 1)))).Trim());

    private static TenantOverview Overview(int backends = 0, int hostnames = 0, int routes = 0) =>
        new(new TenantView { Name = "shop" }, Page(hostnames), Page(routes), Page(backends));

    private static ListPage<ApiObject<System.Text.Json.JsonElement>> Page(int count) => new([.. Enumerable.Repeat(Resources.Route("{}"), count)]);
}
