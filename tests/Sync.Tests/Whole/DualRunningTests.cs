using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>Who else serves a hostname in the cluster is shown, and not whose business it is not.</summary>
public sealed class DualRunningTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    [KubernetesFact]
    public async Task Hostname_ServedByOthersToo_SaysByWhomUntilTheyAreGone()
    {
        const string hostname = "/api/v1/tenants/dual/hostnames/dual.example.com";
        await whole.AddSiteAsync("dual", "dual.example.com");
        await whole.RouteAsync("dual");
        var elsewhere = await whole.Cluster.CreateNamespaceAsync("confidential");
        await whole.Cluster.ApplyAsync($$$"""{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"old","namespace":"{{{whole.NamespaceOf("dual")}}}"},"spec":{"hostnames":["dual.example.com"],"rules":[{}]} }""");
        await whole.Cluster.ApplyAsync($$$"""{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"cm-acme-http-solver-1","namespace":"{{{whole.NamespaceOf("dual")}}}","labels":{"acme.cert-manager.io/http01-solver":"true"} },"spec":{"hostnames":["dual.example.com"],"rules":[{}]} }""");
        await whole.Cluster.ApplyAsync($$$"""{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"hidden","namespace":"{{{elsewhere}}}"},"spec":{"rules":[{"host":"*.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80} } } }]} }]} }""");

        await WholeFixture.UntilAsync(
            async () => (await whole.As("dual", "viewer").GetAsync(hostname)).Text is var text && text.Contains("HTTPRoute", StringComparison.Ordinal) && text.Contains("another object of the cluster", StringComparison.Ordinal),
            "both are told");
        var shown = (await whole.As("dual", "viewer").GetAsync(hostname)).Expect(200);
        var message = WholeFixture.ConditionOf(shown.Json, "DualRunning")!.Value.GetProperty("message").GetString()!;
        Assert.Contains($"`dual.example.com` is also served by HTTPRoute `{whole.NamespaceOf("dual")}/old` and another object of the cluster", message, StringComparison.Ordinal);
        Assert.Contains("Before DNS moves", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("solver", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("confidential", shown.Text, StringComparison.Ordinal);
        var rivals = shown.Json.GetProperty("status").GetProperty("clusters")[0].GetProperty("alsoServedBy");
        Assert.Equal(("old", "HTTPRoute"), (rivals[0].GetProperty("name").GetString(), rivals[0].GetProperty("kind").GetString()));
        Assert.False(rivals[1].TryGetProperty("name", out _));
        await whole.UntilConditionAsync("/api/v1/tenants/dual/httproutes/web", "DualRunning", "True", "AlsoServed");

        await whole.Cluster.DeleteAsync("gateway.networking.k8s.io/v1", "HTTPRoute", whole.NamespaceOf("dual"), "old");
        await whole.Cluster.DeleteAsync("networking.k8s.io/v1", "Ingress", elsewhere, "hidden");
        await WholeFixture.UntilAsync(async () => WholeFixture.ConditionOf((await whole.Admin.GetAsync(hostname)).Json, "DualRunning") is null, "nobody else is told any more");
    }
}
