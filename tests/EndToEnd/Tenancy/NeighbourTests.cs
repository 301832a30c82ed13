using System.Net;
using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Tenancy;

/// <summary>What one tenant writes never delays or changes another.</summary>
[Collection(SharedInstanceTests.Name)]
public sealed class NeighbourTests(SharedInstance shared)
{
    /// <summary>What the API takes, because upstream's schemas do, but nothing can serve.</summary>
    private static readonly (string Path, string Body)[] Poison =
    [
        ("httproutes/regex", """{"spec":{"hostnames":["bad.example.com"],"rules":[{"matches":[{"path":{"type":"RegularExpression","value":"([unclosed"}}],"backendRefs":[{"name":"none"}]}]}}"""),
        ("httproutes/evil-regex", """{"spec":{"hostnames":["bad.example.com"],"rules":[{"matches":[{"headers":[{"type":"RegularExpression","name":"x","value":"(a+)+$"}]}],"backendRefs":[{"name":"none"}]}]}}"""),
        ("httproutes/zero", """{"spec":{"hostnames":["bad.example.com"],"rules":[{"backendRefs":[{"name":"none","weight":0}]}]}}"""),
        ("httproutes/parent", """{"spec":{"parentRefs":[{"name":"no-such-gateway"}],"rules":[{"backendRefs":[{"name":"none"}]}]}}"""),
        ("httproutes/kind", """{"spec":{"hostnames":["bad.example.com"],"rules":[{"backendRefs":[{"group":"example.com","kind":"Odd","name":"none","port":1}]}]}}"""),
        ("backends/nowhere", """{"spec":{"endpoints":[{"address":"does-not-exist.invalid","port":1}]}}"""),
        ("backends/self", """{"spec":{"endpoints":[{"address":"127.0.0.1","port":5432}]}}"""),
    ];

    [Fact]
    public async Task Poison_OfOneTenant_NeitherDelaysNorChangesAnother()
    {
        const string host = "calm.example.com";
        await Objects.ServeAsync(shared.Api, "calm", host, shared.V1);
        await shared.Api.PutAsync("tenants/calm/backends/v2", Objects.Backend(shared.V2.Port));
        await shared.Api.PutAsync("tenants/wild", "{}");
        await shared.Api.PutAsync("tenants/wild/hostnames/bad.example.com", Objects.Empty);
        await using var load = Load.Start(shared.Traffic, host);
        var slowest = TimeSpan.Zero;
        foreach (var (index, (path, body)) in Poison.Index())
        {
            var stored = await shared.Api.SendAsync(HttpMethod.Put, $"tenants/wild/{path}", body);
            Assert.True((int)stored.Status is 200 or 201 or 422, $"{path}: {stored}");
            var (name, expected) = index % 2 == 0 ? ("v2", "v2") : ("v1", "v1");
            await shared.Api.PutAsync("tenants/calm/httproutes/web", Objects.Route(host, Objects.Ref(name)));
            var took = await shared.Traffic.WaitForAsync(host, (status, answer) => status == HttpStatusCode.OK && answer == expected);
            slowest = took > slowest ? took : slowest;
        }
        await load.StopAsync();

        Assert.Empty(load.Failures);
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"a change took {slowest.TotalMilliseconds:0} ms to be served");
        Assert.Equal("True", (await shared.Api.WaitUntilLiveAsync("tenants/calm/httproutes/web")).Condition("Live")?.Status);
    }

    [Fact]
    public async Task TakenHostname_ClaimedByAnotherTenant_Is409AndServesOn()
    {
        await Objects.ServeAsync(shared.Api, "owner", "owned.example.com", shared.V1);
        await shared.Api.PutAsync("tenants/thief", "{}");
        await shared.Api.PutAsync("tenants/thief/backends/v2", Objects.Backend(shared.V2.Port));

        var claim = await shared.Api.SendAsync(HttpMethod.Put, "tenants/thief/hostnames/owned.example.com", Objects.Empty);
        var wildcard = await shared.Api.SendAsync(HttpMethod.Put, "tenants/thief/hostnames/*.owned.example.com", Objects.Empty);
        var route = await shared.Api.SendAsync(HttpMethod.Put, "tenants/thief/httproutes/web", Objects.Route("owned.example.com", Objects.Ref("v2")));
        var status = await shared.Api.GetAsync("tenants/thief/httproutes/web?waitFor=Accepted&timeout=5s");
        var counts = await shared.Traffic.CountAsync("owned.example.com", 50);

        Assert.Equal(HttpStatusCode.Conflict, claim.Status);
        Assert.Equal("hostname_taken", (string?)claim.Json["code"]);
        Assert.Equal(HttpStatusCode.Created, wildcard.Status);
        Assert.Equal(HttpStatusCode.Created, route.Status);
        Assert.NotEqual("True", status.Condition("Accepted")?.Status);
        Assert.Equal(50, counts["v1"]);
    }
}
