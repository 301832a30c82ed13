using System.Net;
using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Portal;

/// <summary>The portal against the real API: what it says is what REST says.</summary>
[Collection(SharedInstanceTests.Name)]
public sealed class PortalTests(SharedInstance shared)
{
    private const string Password = "a long enough pass phrase";

    [Fact]
    public async Task Admin_SignedIn_SeesEveryTenantAndTheReasonOfABrokenRoute()
    {
        await Objects.ServeAsync(shared.Api, "window", "window.example.com", shared.V1);
        await shared.Api.PutAsync("tenants/window", """{"displayName":"Window shop"}""");
        await shared.Api.PutAsync("tenants/window/httproutes/torn", Objects.Route("torn.window.example.com", Objects.ForeignRef("elsewhere", "api")));
        await shared.Api.PutAsync("tenants/window/hostnames/torn.window.example.com", Objects.Empty);
        await shared.Api.GetAsync("tenants/window/httproutes/torn?waitFor=Live&timeout=15s");
        await AddUserAsync("window-admin@example.com", platformAdmin: true);
        using var portal = new PortalClient(shared.Instance.PortalPort);

        var tenants = await portal.SignInAsync("window-admin@example.com", Password, "/tenants");
        var home = await portal.OpenAsync("/tenants/window");
        var torn = await portal.OpenAsync("/tenants/window/routes/torn");

        Assert.Equal((HttpStatusCode.OK, "/tenants"), (tenants.Status, tenants.Path));
        Assert.Contains("Window shop", tenants.Text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 live", home.Text, StringComparison.Ordinal);
        Assert.Contains("no ReferenceGrant in tenant elsewhere lets HTTPRoute of tenant window reference Backend api", torn.Text, StringComparison.Ordinal);
        Assert.Contains("Not permitted: its share gets 500", torn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Member_OfOneTenant_LandsThereAndFindsNoOther()
    {
        await shared.Api.PutAsync("tenants/lodge", """{"displayName":"Lodge"}""");
        await shared.Api.PutAsync("tenants/manor", """{"displayName":"Manor"}""");
        await AddUserAsync("guest@example.com", platformAdmin: false);
        await shared.Api.PutAsync("tenants/lodge/members/guest@example.com", """{"role":"viewer"}""");
        using var portal = new PortalClient(shared.Instance.PortalPort);

        var start = await portal.SignInAsync("guest@example.com", Password);
        var manor = await portal.OpenAsync("/tenants/manor");
        var tenants = await portal.OpenAsync("/tenants");

        Assert.Equal("/tenants/lodge", start.Path);
        Assert.Contains("It does not exist, or it belongs to a tenant that you are not a member of.", manor.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Manor", manor.Text + tenants.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_Always_NeedsSignInAgain()
    {
        await AddUserAsync("leaver@example.com", platformAdmin: true);
        using var portal = new PortalClient(shared.Instance.PortalPort);
        var wrong = await portal.SignInAsync("leaver@example.com", "not the pass phrase");
        var page = await portal.SignInAsync("leaver@example.com", Password, "/tenants");

        var left = await portal.SignOutAsync(page);
        var again = await portal.OpenAsync("/tenants");

        Assert.Contains("Email or password is wrong.", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("You are signed out.", left.Text, StringComparison.Ordinal);
        Assert.Equal("/sign-in", again.Path);
    }

    private async Task AddUserAsync(string email, bool platformAdmin)
    {
        var answer = await shared.Api.PostAsync("users", $$"""{"name":"{{email}}","password":"{{Password}}","platformAdmin":{{(platformAdmin ? "true" : "false")}}}""");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
    }
}
