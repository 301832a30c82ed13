using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>From a name that somebody types to a certificate, as the portal shows it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class HostnameTests(PortalFixture portal)
{
    [BrowserFact]
    public async Task Hostname_Added_ShowsItsRecordsAndWhatIsSeenUntilItIsReleased()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/studio/hostnames");
        await window.InteractiveAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Add a hostname" }).ClickAsync();
        await window.Page.GetByLabel("DNS name").FillAsync(" Studio.Example.COM. ");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();

        await Expect(window.Heading("studio.example.com")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("set one of these").First).ToBeVisibleAsync();
        var record = window.Page.Locator(".record").First;
        await Expect(record).ToContainTextAsync("Missing");
        await Expect(record).ToContainTextAsync("192.0.2.53 the name does not exist");
        await window.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await record.GetByRole(AriaRole.Button, new() { Name = "Copy value of the TXT record" }).ClickAsync();
        Assert.StartsWith("gatehouse-verification=", await window.Page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);

        // The record comes: the page shows it by itself.
        var hostname = portal.Api.Data.Find("studio", "hostnames", "studio.example.com");
        hostname["status"]!["dns"] = HostnameStatus.Proven("studio.example.com");
        DemoData.SetCondition(hostname, "Verified", "True", "Verified", "The claim is verified.");
        await Expect(record).ToContainTextAsync("Found");
        await Expect(window.Page.Locator(".timeline-step").Nth(1)).ToContainTextAsync("Proven by a TXT record.");

        var release = window.Page.GetByRole(AriaRole.Region, new() { Name = "Release this name" });
        await release.GetByRole(AriaRole.Button, new() { Name = "Release…" }).ClickAsync();
        await Expect(release.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true })).ToBeDisabledAsync();
        await release.GetByRole(AriaRole.Textbox).PressAsync("Enter");
        await Expect(window.Heading("studio.example.com")).ToBeVisibleAsync();
        Assert.Single(portal.Api.Data.Of("studio", "hostnames"));
        await release.GetByRole(AriaRole.Textbox).FillAsync("studio.example.com");
        await release.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true }).ClickAsync();
        await Expect(window.Page.GetByText("studio.example.com is released.")).ToBeVisibleAsync();
        Assert.Empty(portal.Api.Data.Of("studio", "hostnames"));
    }

    [BrowserFact]
    public async Task Hostname_OfAnotherTenant_SaysSoAtTheFieldAndKeepsWhatWasTyped()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/add-hostname");
        await window.InteractiveAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Write the name");
        await window.Page.GetByLabel("DNS name").FillAsync("taken.example.com");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Another tenant holds this name.");
        await Expect(window.Page.GetByLabel("DNS name")).ToHaveValueAsync("taken.example.com");
        await window.Page.GetByLabel("DNS name").FillAsync("shop.example.com");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has the name already");
    }

    [BrowserFact]
    public async Task Hostname_CheckedNow_AsksTheApiAndAViewerIsToldWhyNot()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/hostnames/api.shop.example.com");
        await window.InteractiveAsync();
        await Expect(window.Page.GetByText("The proof of this name is gone.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Region, new() { Name = "Certificate" })).ToContainTextAsync(new Regex("in [0-9]+ min"));
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
        await Expect(window.Page.GetByText("Checked just now.")).ToBeVisibleAsync();
        Assert.Contains("verify api.shop.example.com", portal.Api.Actions);

        portal.Api.IsReader = true;
        try
        {
            await window.Page.GetByRole(AriaRole.Button, new() { Name = "Issue anew" }).ClickAsync();
            await Expect(window.Page.GetByText("Your role does not allow this.")).ToBeVisibleAsync();
            Assert.DoesNotContain("renew api.shop.example.com", portal.Api.Actions);
        }
        finally
        {
            portal.Api.IsReader = false;
        }
    }

    [BrowserFact]
    public async Task DnsAnswers_LookLikeMarkup_AreShownAsText()
    {
        var hostname = portal.Api.Data.Find("shop", "hostnames", "*.preview.shop.example.com");
        var before = hostname["status"]!.DeepClone();
        var dns = HostnameStatus.Lost("preview.shop.example.com");
        dns["observed"]![0]!["values"] = new JsonArray(DemoData.HostileName);
        hostname["status"]!["dns"] = dns;
        try
        {
            await using var window = await portal.OpenAsync();
            await window.SignInAsync("/tenants/shop/hostnames/*.preview.shop.example.com");
            await Expect(window.Page.Locator(".seen").GetByText(DemoData.HostileName)).ToBeVisibleAsync();
            Assert.Equal(0, await window.Page.Locator("img").CountAsync());
        }
        finally
        {
            hostname["status"] = before;
        }
    }
}
