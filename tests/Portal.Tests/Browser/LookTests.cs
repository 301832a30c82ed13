using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>Every page in every look: nothing cut off, nothing that the accessibility checker or the content policy objects to.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LookTests(PortalFixture portal)
{
    private static readonly (string Name, string Path)[] Pages =
    [
        ("tenants", "/tenants"), ("home", "/tenants/shop"), ("home-empty", "/tenants/studio"), ("hostnames", "/tenants/shop/hostnames"),
        ("hostname", "/tenants/shop/hostnames/new.example.com"), ("hostname-live", "/tenants/shop/hostnames/shop.example.com"), ("hostname-failing", "/tenants/shop/hostnames/api.shop.example.com"), ("add-hostname", "/tenants/shop/add-hostname"), ("certificates", "/tenants/shop/certificates"), ("certificates-empty", "/tenants/studio/certificates"), ("upload-certificate", "/tenants/shop/upload-certificate"), ("hostnames-empty", "/tenants/studio/hostnames"), ("routes", "/tenants/shop/routes"),
        ("route", "/tenants/shop/routes/storefront"), ("route-broken", "/tenants/shop/routes/ledger"), ("backends", "/tenants/shop/backends"),
        ("backends-paged", "/tenants/payments/backends"), ("missing", "/tenants/shop/routes/nope"), ("not-found", "/nowhere"),
    ];

    [BrowserTheory]
    [InlineData(1280, 860, ColorScheme.Light)]
    [InlineData(1280, 860, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task EveryPage_AtThisSizeAndTheme_FitsAndIsAccessible(int width, int height, ColorScheme theme)
    {
        await using var window = await portal.OpenAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = theme });
        await window.GoToAsync("/sign-in");
        await CheckAsync(window, $"sign-in-{width}-{theme}");
        await window.SignInAsync();
        foreach (var (name, path) in Pages)
        {
            await window.GoToAsync(path);
            await Expect(window.Page.Locator("h1, h2").First).ToBeVisibleAsync();
            // The circuit takes the page over and renders its title anew: for a moment there is none.
            // A page that was not found has no circuit.
            if (path != "/nowhere") await window.InteractiveAsync();
            await Expect(window.Page).ToHaveTitleAsync(new Regex(".+"));
            await CheckAsync(window, $"{name}-{width}-{theme}");
        }
        Assert.DoesNotContain(window.ConsoleErrors, error => !error.Contains("404", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task Theme_ChosenDark_StaysDarkWithoutAFlash()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync();
        await ExpectGroundAsync(window, "rgb(245, 244, 241)");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await ExpectGroundAsync(window, "rgb(18, 20, 23)");
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Dark, chosen" })).ToBeVisibleAsync();

        // The server renders the choice: it is there before any script has run.
        var reloaded = await window.Page.ReloadAsync();
        Assert.Contains("<html lang=\"en\" data-theme=\"dark\">", await reloaded!.TextAsync(), StringComparison.Ordinal);

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "As the system" }).ClickAsync();
        await ExpectGroundAsync(window, "rgb(245, 244, 241)");
    }

    [BrowserFact]
    public async Task NarrowWindow_MenuButton_OpensNavigationAndAChoiceClosesIt()
    {
        await using var window = await portal.OpenAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await window.SignInAsync("/tenants/shop");
        var routes = window.Page.GetByRole(AriaRole.Link, new() { Name = "Routes", Exact = true }).And(window.Page.Locator(".nav-link"));
        await Expect(routes).ToBeHiddenAsync();
        await window.InteractiveAsync();

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await routes.ClickAsync();

        await Expect(window.Heading("Routes")).ToBeVisibleAsync();
        await Expect(routes).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Keyboard_SkipLink_LeadsPastTheNavigation()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop");
        await Expect(window.Heading("Shop")).ToBeVisibleAsync();
        await window.InteractiveAsync();
        await window.Page.GetByText("Skip to content").FocusAsync();
        await Expect(window.Page.GetByText("Skip to content")).ToBeInViewportAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await window.Page.EvaluateAsync<string>("document.activeElement.id"));
    }

    private static async Task CheckAsync(PortalPage window, string name)
    {
        // Only when somebody wants to look: GATEHOUSE_SCREENSHOTS=folder.
        if (Environment.GetEnvironmentVariable("GATEHOUSE_SCREENSHOTS") is { Length: > 0 } folder)
            await window.Page.ScreenshotAsync(new() { Path = Path.Combine(Directory.CreateDirectory(folder).FullName, $"portal-{name.ToLowerInvariant()}.png"), FullPage = true });
        var overflow = await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} px wider than its window");
        var report = await window.Page.RunAxe();
        Assert.True(report.Violations.Length == 0, name + ":\n" + string.Join('\n', report.Violations.Select(v => $"{v.Id}: {v.Help}\n  {string.Join("\n  ", v.Nodes.Select(n => n.Html))}")));
    }

    // A choice reloads the page: the new one may not have a body yet.
    private static Task ExpectGroundAsync(PortalPage window, string color) => Expect(window.Page.Locator("body")).ToHaveCSSAsync("background-color", color);
}

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<PortalFixture>
{
    public const string Name = "portal in a browser";
}
