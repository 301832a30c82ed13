using System.Net;
using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Tenancy;

/// <summary>A tenant's own admin, who tries to get more than the tenant has. Hostnames must be proven here.</summary>
public sealed class HostileTenantTests(VerifyingInstance shared) : IClassFixture<VerifyingInstance>
{
    [Fact]
    public async Task UnclaimedHostname_InARoute_IsNotServedAndTheStatusSaysWhatToClaim()
    {
        await shared.Hostile.PutAsync("tenants/hostile/httproutes/unclaimed", Objects.Route("unclaimed.example.com", Objects.Ref("v2")));
        var byParent = """{"spec":{"parentRefs":[{"name":"default","namespace":"platform"}],"hostnames":["unclaimed.example.com"],"rules":[{"backendRefs":[{"name":"v2"}]}]}}""";
        await shared.Hostile.PutAsync("tenants/hostile/httproutes/by-parent", byParent);

        var status = await shared.Hostile.GetAsync("tenants/hostile/httproutes/unclaimed?waitFor=Accepted&timeout=3s");
        var answer = await shared.Traffic.GetAsync("unclaimed.example.com");

        Assert.NotEqual("True", status.Status == HttpStatusCode.OK ? status.Condition("Accepted")?.Status : "");
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Fact]
    public async Task UnprovenHostname_Claimed_StaysPendingAndIsNotServed()
    {
        var claim = await shared.Hostile.PutAsync("tenants/hostile/hostnames/bank.example.com", Objects.Empty);
        await shared.Hostile.PutAsync("tenants/hostile/httproutes/bank", Objects.Route("bank.example.com", Objects.Ref("v2")));
        var second = await shared.Victim.SendAsync(HttpMethod.Put, "tenants/victim/hostnames/bank.example.com", Objects.Empty);

        Assert.Equal(HttpStatusCode.Created, claim.Status);
        // Nobody can keep a name from its owner by asking first.
        Assert.Equal(HttpStatusCode.Created, second.Status);
        Assert.NotEqual("True", (await shared.Hostile.GetAsync("tenants/hostile/hostnames/bank.example.com")).Condition("Verified")?.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await shared.Traffic.GetAsync("bank.example.com")).Status);
    }

    [Fact]
    public async Task NameBelowAnotherTenantsDomain_Claimed_IsRefused()
    {
        var answer = await shared.Hostile.SendAsync(HttpMethod.Put, "tenants/hostile/hostnames/x.victim.apps.localhost", Objects.Empty);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
    }

    [Theory]
    [InlineData("PUT", "tenants/hostile", """{"labels":{"trusted":"yes"}}""")]
    [InlineData("PATCH", "tenants/hostile", """{"labels":{"trusted":"yes"}}""")]
    [InlineData("PUT", "tenants/fresh", "{}")]
    [InlineData("PUT", "gatewayclasses/mine", """{"spec":{"controllerName":"gatehouse.dev/gateway-controller"}}""")]
    [InlineData("GET", "users", null)]
    [InlineData("GET", "dataplanes", null)]
    public async Task PlatformsOwn_TouchedByATenantsAdmin_IsForbidden(string method, string path, string? body)
    {
        var answer = await shared.Hostile.SendAsync(new HttpMethod(method), path, body);

        Assert.True(answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, answer.ToString());
        var labels = (await shared.Api.GetAsync("tenants/hostile")).Json["labels"];
        Assert.Null(labels?["trusted"]);
    }

    [Theory]
    [InlineData("GET", "tenants/victim", null)]
    [InlineData("GET", "tenants/victim/httproutes", null)]
    [InlineData("GET", "tenants/victim/httproutes/web", null)]
    [InlineData("PUT", "tenants/victim/httproutes/web", """{"spec":{}}""")]
    [InlineData("PATCH", "tenants/victim/backends/v1", """{"spec":{"endpoints":[]}}""")]
    [InlineData("DELETE", "tenants/victim/backends/v1", null)]
    [InlineData("POST", "tenants/victim/tokens", """{"name":"x","role":"owner"}""")]
    [InlineData("GET", "tenants/victim/audit", null)]
    [InlineData("GET", "tenants/victim/revisions", null)]
    [InlineData("PUT", "tenants/platform/gateways/default", """{"spec":{}}""")]
    [InlineData("DELETE", "tenants/platform/gateways/default", null)]
    public async Task AnotherTenantsObject_AskedFor_IsNotThere(string method, string path, string? body)
    {
        var answer = await shared.Hostile.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await shared.Traffic.GetAsync(VerifyingInstance.VictimHost)).Status);
    }

    [Fact]
    public async Task Gateway_OnAPortThatTheClassDoesNotGiveTenants_NeverOpens()
    {
        var gateway = """{"spec":{"gatewayClassName":"gatehouse","listeners":[{"name":"admin","port":8443,"protocol":"HTTP"},{"name":"web","port":80,"protocol":"HTTP"}]}}""";
        var stored = await shared.Hostile.SendAsync(HttpMethod.Put, "tenants/hostile/gateways/mine", gateway);
        await shared.Hostile.PutAsync(
            "tenants/hostile/httproutes/on-mine",
            """{"spec":{"parentRefs":[{"name":"mine"}],"hostnames":["victim.apps.localhost"],"rules":[{"backendRefs":[{"name":"v2"}]}]}}""");

        var status = await shared.Hostile.GetAsync("tenants/hostile/gateways/mine?waitFor=Programmed&timeout=3s");

        Assert.True((int)stored.Status is 200 or 201, stored.ToString());
        Assert.NotEqual("True", status.Status == HttpStatusCode.OK ? status.Condition("Accepted")?.Status : "");
        Assert.Equal("v1", (await shared.Traffic.GetAsync(VerifyingInstance.VictimHost)).Body);
    }

    [Fact]
    public async Task OldETag_Replayed_Is412()
    {
        var first = await shared.Hostile.PutAsync("tenants/hostile/backends/tagged", Objects.Backend(1));
        await shared.Hostile.PutAsync("tenants/hostile/backends/tagged", Objects.Backend(2));

        var replay = await shared.Hostile.SendAsync(HttpMethod.Put, "tenants/hostile/backends/tagged", Objects.Backend(3), ("If-Match", first.ETag!));

        Assert.Equal(HttpStatusCode.PreconditionFailed, replay.Status);
        Assert.Equal(2, (int?)(await shared.Hostile.GetAsync("tenants/hostile/backends/tagged")).Json["spec"]!["endpoints"]![0]!["port"]);
    }

    [Fact]
    public async Task Token_OfAHigherRoleThanItsIssuer_IsRefused()
    {
        var answer = await shared.Hostile.PostAsync("tenants/hostile/tokens", """{"name":"up","role":"owner"}""");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task ControlSocket_AsBackend_IsNeverReached()
    {
        await shared.Hostile.PutAsync("tenants/hostile/hostnames/ssrf.hostile.apps.localhost", Objects.Empty);
        foreach (var port in new[] { shared.Instance.ApiPort, shared.Instance.PortalPort })
        {
            await shared.Hostile.PutAsync("tenants/hostile/backends/inside", Objects.Backend(port));
            await shared.Hostile.PutAsync("tenants/hostile/httproutes/inside", Objects.Route("ssrf.hostile.apps.localhost", Objects.Ref("inside")));
            var refused = await shared.Traffic.WaitForAsync("ssrf.hostile.apps.localhost", (status, _) => (int)status >= 500, "/readyz");
            Assert.True(refused < TimeSpan.FromSeconds(5));
            var (status, _) = await shared.Traffic.GetAsync("ssrf.hostile.apps.localhost", "/livez");
            Assert.True((int)status >= 500, $"a control socket answered {(int)status}");
        }
    }

    [Fact]
    public async Task Feed_AskedForWithATenantsToken_IsRefused()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{shared.Instance.ApiPort}/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", shared.HostileToken);

        using var answer = await http.GetAsync(new Uri("internal/v1/feed?since=0", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
