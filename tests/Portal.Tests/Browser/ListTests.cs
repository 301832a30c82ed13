using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Gatehouse.Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ListTests(PortalFixture portal)
{
    [BrowserFact]
    public async Task Routes_OneBroken_ShowsStateAndTheReasonInWords()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/routes");
        var broken = window.Page.GetByRole(AriaRole.Row, new() { Name = "reports.example.com" });
        await Expect(broken).ToContainTextAsync("Broken");
        await Expect(broken).ToContainTextAsync("no verified claim of tenant shop covers reports.example.com");
        await Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "storefront" })).ToContainTextAsync("Live");
    }

    [BrowserFact]
    public async Task Routes_ConditionChanges_ShowsItWithoutReload()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/routes");
        var row = window.Page.GetByRole(AriaRole.Row, new() { Name = "cart" }).First;
        await Expect(row.Locator(".badge")).ToHaveTextAsync("Live");
        var cart = portal.Api.Data.Find("shop", "httproutes", "cart");

        DemoData.SetCondition(cart, "Live", "False", "NoHealthyEndpoint", "no endpoint of Backend `cart` answers");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("Not live");
        await Expect(row).ToContainTextAsync("no endpoint of Backend cart answers");

        DemoData.SetCondition(cart, "Live", "True", "Serving", "All backends are healthy.");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("Live");
    }

    [BrowserFact]
    public async Task Backends_MoreThanOnePage_PagesAndSearchesOnTheServer()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/payments/backends");
        await Expect(window.Page.GetByText("worker-050")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("worker-051")).ToBeHiddenAsync();
        await Expect(window.Page.GetByText("70 more")).ToBeVisibleAsync();
        await window.InteractiveAsync();

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(window.Page.GetByText("worker-051")).ToBeVisibleAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("after="));

        await window.Page.GetByRole(AriaRole.Searchbox).FillAsync("worker-11");
        await Expect(window.Page.GetByText("worker-117")).ToBeVisibleAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"q=worker-11$"));

        await window.Page.GetByRole(AriaRole.Searchbox).FillAsync("nothing-like-it");
        await Expect(window.Page.GetByText("Nothing matches")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Hostnames_None_TeachesTheNextActionWithItsCommand()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/studio/hostnames");
        await Expect(window.Page.GetByText("No hostname yet")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Region, new() { Name = "Command" }))
            .ToContainTextAsync("curl -X PUT https://gatehouse.example.com/api/v1/tenants/studio/hostnames/");
    }

    [BrowserFact]
    public async Task TenantsStrings_LookLikeMarkup_AreShownAsText()
    {
        var list = portal.Api.Data.Tenants;
        list.Add(new JsonObject { ["name"] = "hostile", ["displayName"] = DemoData.HostileName });
        try
        {
            await using var window = await portal.OpenAsync();
            var dialogs = 0;
            window.Page.Dialog += (_, dialog) =>
            {
                dialogs++;
                _ = dialog.DismissAsync();
            };
            await window.SignInAsync();
            await Expect(window.Page.GetByText(DemoData.HostileName)).ToBeVisibleAsync();
            Assert.Equal(0, await window.Page.Locator("img").CountAsync());
            Assert.Equal(0, dialogs);
        }
        finally
        {
            list.RemoveAt(list.Count - 1);
        }
    }

    [BrowserFact]
    public async Task OpenPage_ApiAway_KeepsTheLastAnswerSaysSoAndRecovers()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/routes");
        await Expect(window.Page.GetByText("storefront").First).ToBeVisibleAsync();
        portal.Api.IsDatabaseAway = true;
        try
        {
            await Expect(window.Page.GetByText("The portal keeps trying")).ToBeVisibleAsync(new() { Timeout = 10_000 });
            await Expect(window.Page.GetByText("storefront").First).ToBeVisibleAsync();
            await window.Page.ReloadAsync();
            await Expect(window.Page.GetByText("The API is waiting for its database")).ToBeVisibleAsync();
        }
        finally
        {
            portal.Api.IsDatabaseAway = false;
        }
        await Expect(window.Page.GetByText("storefront").First).ToBeVisibleAsync(new() { Timeout = 10_000 });
    }

    [BrowserFact]
    public async Task Tenant_OfAnother_LooksLikeAMissingOne()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/nobody");
        await Expect(window.Page.GetByText("It does not exist, or it belongs to a tenant that you are not a member of.")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task RouteDetail_OneReferenceNotPermitted_NamesTheMissingGrantAndTheLostShare()
    {
        await using var window = await portal.OpenAsync();
        await window.SignInAsync("/tenants/shop/routes/ledger");
        await Expect(window.Page.GetByText("no ReferenceGrant in tenant payments lets HTTPRoute of tenant shop reference Backend ledger")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Not permitted: its share gets 500")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("Not found: its share gets 500")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Img, new() { Name = "cart 75 %, cart-next 25 %" })).ToBeVisibleAsync();
    }
}
