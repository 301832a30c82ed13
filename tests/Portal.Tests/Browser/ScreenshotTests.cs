using Microsoft.Playwright;
using Xunit;

namespace Gatehouse.Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ScreenshotTests(PortalFixture portal)
{
    private static readonly (string Name, string Path)[] Pages =
    [
        ("tenants", "/tenants"), ("home", "/tenants/shop"), ("home-empty", "/tenants/studio"), ("hostnames", "/tenants/shop/hostnames"),
        ("hostname", "/tenants/shop/hostnames/new.example.com"), ("hostnames-empty", "/tenants/studio/hostnames"), ("routes", "/tenants/shop/routes"),
        ("route", "/tenants/shop/routes/storefront"), ("route-broken", "/tenants/shop/routes/ledger"), ("backends", "/tenants/shop/backends"),
        ("backends-paged", "/tenants/payments/backends"), ("missing", "/tenants/shop/routes/nope"), ("not-found", "/nowhere"),
    ];

    [BrowserTheory]
    [InlineData(1280, 860, ColorScheme.Light)]
    [InlineData(1280, 860, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task EveryPage_AtThisSizeAndTheme_FitsItsWidth(int width, int height, ColorScheme theme)
    {
        var folder = Directory.CreateDirectory(Environment.GetEnvironmentVariable("GATEHOUSE_SCREENSHOTS") ?? Path.Combine(AppContext.BaseDirectory, "screenshots"));
        await using var window = await portal.OpenAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = theme });
        await window.GoToAsync("/sign-in");
        await ShootAsync(window, folder, $"sign-in-{width}-{theme}");
        await window.SignInAsync();
        foreach (var (name, path) in Pages)
        {
            await window.GoToAsync(path);
            await window.Page.WaitForTimeoutAsync(400);
            await ShootAsync(window, folder, $"{name}-{width}-{theme}");
            var overflow = await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow <= 0, $"{path} is {overflow} px wider than {width} px");
        }
    }

    private static Task<byte[]> ShootAsync(PortalPage window, DirectoryInfo folder, string name) =>
        window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder.FullName, $"portal-{name.ToLowerInvariant()}.png"), FullPage = true });
}

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<PortalFixture>
{
    public const string Name = "portal in a browser";
}
