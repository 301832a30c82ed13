using System.Net;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Gatehouse.Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class SignInTests(PortalFixture portal)
{
    [BrowserFact]
    public async Task SignIn_RightPassword_ShowsTheTenants()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/");
        await Expect(window.Heading("Tenants")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "Shop", Exact = true })).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Ada Byron")).ToBeVisibleAsync();
        Assert.Empty(window.ConsoleErrors);
    }

    [BrowserFact]
    public async Task SignIn_RightPassword_GivesTheBrowserNoApiToken()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync();
        await Expect(window.Heading("Tenants")).ToBeVisibleAsync();

        var cookies = await window.Context.CookiesAsync();
        var session = Assert.Single(cookies, cookie => cookie.Name == "gatehouse-portal");
        Assert.True(session.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, session.SameSite);
        var given = string.Join('\n', cookies.Select(c => c.Value)) + await window.Page.ContentAsync();
        var kept = string.Join('\n', Directory.GetFiles(portal.DataDirectory, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.NotEmpty(portal.Api.OpenTokens);
        Assert.All(portal.Api.OpenTokens, token => Assert.DoesNotContain(token, given + kept, StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task SignIn_WrongPassword_SaysSoAndKeepsTheEmail()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync(password: "guess");
        await Expect(window.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("Email or password is wrong.");
        await Expect(window.Page.GetByLabel("Email")).ToHaveValueAsync(FakeApi.Email);
        await Expect(window.Page.GetByLabel("Password")).ToHaveValueAsync("");
    }

    [Theory]
    [InlineData("http://shop.example.com", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Circuit_OfAnotherOrigin_IsRefused(string? origin, HttpStatusCode status)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{portal.Url}/_blazor/negotiate?negotiateVersion=1");
        request.Headers.TryAddWithoutValidation("Origin", origin ?? portal.Url);
        using var response = await http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
    }

    [BrowserFact]
    public async Task SignIn_OverAPlantedSession_LeavesItsCookieWorthless()
    {
        await using var attacker = await portal.OpenAsync();
        await attacker.SignInAsync();
        await Expect(attacker.Heading("Tenants")).ToBeVisibleAsync();
        var planted = await attacker.Context.CookiesAsync();

        await using var victim = await portal.OpenAsync();
        await victim.Context.AddCookiesAsync(planted.Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = portal.Url }));
        await victim.SignInAsync("/sign-in?returnUrl=%2Ftenants");
        await Expect(victim.Heading("Tenants")).ToBeVisibleAsync();

        await attacker.GoToAsync("/tenants");
        await Expect(attacker.Page.GetByLabel("Password")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task DeepLink_SignedOut_ComesBackAfterSignIn()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/routes/storefront");
        await Expect(window.Heading("storefront")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task SignIn_ReturnUrlOfAnotherSite_StaysHere()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/sign-in?returnUrl=%2F%2Fexample.org%2Fsteal");
        await Expect(window.Heading("Tenants")).ToBeVisibleAsync();
        Assert.StartsWith(portal.Url, window.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task SignOut_WithASecondTabOpen_EndsBothAndTheApiSession()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync();
        await Expect(window.Heading("Tenants")).ToBeVisibleAsync();
        var second = await window.Context.NewPageAsync();
        await second.GotoAsync($"{portal.Url}/tenants/shop/routes");
        await Expect(second.GetByRole(AriaRole.Heading, new() { Name = "Routes" })).ToBeVisibleAsync();
        var before = portal.Api.OpenTokens.Count;

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Expect(window.Page.GetByText("You are signed out.")).ToBeVisibleAsync();
        Assert.Equal(before - 1, portal.Api.OpenTokens.Count);
        await Expect(second.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await window.GoToAsync("/tenants/shop");
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task OpenPage_SessionRevokedAtTheApi_AsksToSignInAndReturns()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/backends");
        await Expect(window.Heading("Backends")).ToBeVisibleAsync();

        portal.Api.RevokeAll();

        await Expect(window.Page.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await window.Page.GetByLabel("Email").FillAsync(FakeApi.Email);
        await window.Page.GetByLabel("Password").FillAsync(FakeApi.Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(window.Heading("Backends")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Portal_Restarted_KeepsPeopleSignedInAndReloadsTheirPage()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/hostnames");
        await Expect(window.Heading("Hostnames")).ToBeVisibleAsync();
        await window.InteractiveAsync();

        await portal.StopPortalAsync();
        await Expect(window.Page.GetByText("Connection lost")).ToBeVisibleAsync();
        await portal.StartPortalAsync();

        await Expect(window.Page.GetByText("Connection lost")).ToBeHiddenAsync();
        await Expect(window.Heading("Hostnames")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOutAndSignIn_WithoutAntiforgeryToken_AreRefused()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var nothing = new FormUrlEncodedContent([]);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in", ["Input.Email"] = FakeApi.Email, ["Input.Password"] = FakeApi.Password,
        });
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync($"{portal.Url}/sign-out", nothing)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync($"{portal.Url}/sign-in", form)).StatusCode);
    }

    [Fact]
    public async Task EveryAnswer_Always_CarriesTheSecurityHeaders()
    {
        using var http = new HttpClient();
        var answer = await http.GetAsync($"{portal.Url}/sign-in");
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Health_WithoutSignIn_Answers()
    {
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{portal.Url}/livez")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{portal.Url}/readyz")).StatusCode);
    }
}
