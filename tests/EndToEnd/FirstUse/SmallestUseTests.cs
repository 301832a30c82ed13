using System.Net;
using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.FirstUse;

/// <summary>The smallest complete use of the REST contract, as the README shows it.</summary>
[Collection(SharedInstanceTests.Name)]
public sealed class SmallestUseTests(SharedInstance shared)
{
    [Fact]
    public async Task SmallestUse_Verbatim_ServesNineInTenFromV1()
    {
        // Only the backends' ports differ from the documentation: other programs may hold 9001 and 9002.
        var (v1, v2) = (shared.V1.Port, shared.V2.Port);
        var api = shared.Api;
        Assert.Equal(HttpStatusCode.Created, (await api.PutAsync("tenants/shop", """{"displayName":"Shop"}""")).Status);
        await api.PutAsync("tenants/shop/backends/v1", $$$"""{"spec":{"endpoints":[{"address":"127.0.0.1","port":{{{v1}}}}]}}""");
        await api.PutAsync("tenants/shop/backends/v2", $$$"""{"spec":{"endpoints":[{"address":"127.0.0.1","port":{{{v2}}}}]}}""");
        await api.PutAsync("tenants/shop/hostnames/shop.example.com", """{"spec":{}}""");
        await api.PutAsync("tenants/shop/httproutes/web", """
            {"spec":{"hostnames":["shop.example.com"],"rules":[
                {"backendRefs":[{"name":"v1","weight":90},{"name":"v2","weight":10}]}]}}
            """);

        var live = await api.GetAsync("tenants/shop/httproutes/web?waitFor=Live&timeout=10s");
        var counts = await shared.Traffic.CountAsync("shop.example.com", 2_000);
        var token = await api.PostAsync("tenants/shop/tokens", """{"name":"ci","role":"editor"}""");
        await api.PutAsync("tenants/shared", "{}");
        var grant = await api.PutAsync("tenants/shared/referencegrants/shop", """
            {"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"shop"}],
                     "to":[{"group":"gatehouse.dev","kind":"Backend","name":"api"}]}}
            """);

        Assert.Equal(HttpStatusCode.OK, live.Status);
        Assert.All(new[] { "Accepted", "ResolvedRefs", "Programmed", "Live" }, type => Assert.Equal("True", live.Condition(type)?.Status));
        Assert.Equal(2_000, counts.GetValueOrDefault("v1") + counts.GetValueOrDefault("v2"));
        Assert.InRange(counts["v1"], 1_760, 1_840);
        Assert.Equal(HttpStatusCode.Created, token.Status);
        Assert.Equal(HttpStatusCode.Created, grant.Status);
        using var ci = api.As((string)token.Json["token"]!);
        Assert.Equal("web", (string?)(await ci.GetAsync("tenants/shop/httproutes/web")).Json["name"]);
        Assert.Null((await api.GetAsync("tenants/shop/tokens/ci")).Json["token"]);
    }

    [Fact]
    public async Task Write_OfANewRoute_IsServedWithinASecond()
    {
        var api = shared.Api;
        await api.PutAsync("tenants/quick", "{}");
        await api.PutAsync("tenants/quick/backends/v3", Objects.Backend(shared.V3.Port));
        await api.PutAsync("tenants/quick/hostnames/*.quick.example.com", Objects.Empty);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            var host = $"h{i}.quick.example.com";
            await api.PutAsync($"tenants/quick/httproutes/r{i}", Objects.Route(host, Objects.Ref("v3")));
            var took = await shared.Traffic.WaitForAsync(host, (status, _) => status == HttpStatusCode.OK);
            slowest = took > slowest ? took : slowest;
        }

        Assert.True(slowest < TimeSpan.FromSeconds(1), $"the slowest of 20 took {slowest.TotalMilliseconds:0} ms");
    }
}
