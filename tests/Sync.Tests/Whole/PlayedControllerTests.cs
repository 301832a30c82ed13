using System.Text.Json;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>What a controller says of objects becomes what tenants read, and nothing else does.</summary>
public sealed class PlayedControllerTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    private const string Platform = "/api/v1/tenants/platform/gateways/kube";

    private PlayedController Controller => new(whole.Cluster);

    [KubernetesFact]
    public async Task Controller_ThatServesAll_MakesAllLive()
    {
        await whole.AddSiteAsync("live", "live.example.com");
        await whole.RouteAsync("live");
        await whole.UntilConditionAsync("/api/v1/tenants/live/httproutes/web", "Live", "Unknown");

        await Controller.TakeClassAsync(whole.ClassName);
        await WaitForListenerAsync("live.example.com");
        await Controller.ServeAsync("Gateway", whole.GatewayNamespace, "kube");
        await Controller.AttachAsync("HTTPRoute", whole.NamespaceOf("live"), "web");
        await whole.UntilConditionAsync("/api/v1/gatewayclasses/kube", "Programmed", "True");
        await whole.UntilConditionAsync(Platform, "Live", "True", "Reported");
        await whole.UntilConditionAsync("/api/v1/tenants/live/httproutes/web", "Live", "True", "Reported");
        await whole.UntilConditionAsync("/api/v1/tenants/live/hostnames/live.example.com", "Live", "True", "Reported");

        // What the Gateway's controller says reaches those whom the Gateway serves.
        await Controller.ServeAsync("Gateway", whole.GatewayNamespace, "kube", "AddressNotAssigned");
        var gateway = await whole.UntilConditionAsync(Platform, "Live", "False", "AddressNotAssigned");
        Assert.Contains("load balancer", MessageOf(gateway, "Live"), StringComparison.Ordinal);
        await whole.UntilConditionAsync("/api/v1/tenants/live/hostnames/live.example.com", "Live", "False", "AddressNotAssigned");

        await Controller.AttachAsync("HTTPRoute", whole.NamespaceOf("live"), "web", "NotAllowedByListeners");
        var route = await whole.UntilConditionAsync("/api/v1/tenants/live/httproutes/web", "Live", "False", "NotAllowedByListeners");
        Assert.Contains("allowedRoutes", MessageOf(route, "Live"), StringComparison.Ordinal);
        await whole.UntilConditionAsync("/api/v1/tenants/live/httproutes/web", "Accepted", "False", "NotAllowedByListeners");
    }

    [KubernetesFact]
    public async Task Controller_ThatSaysNothing_IsNamedMissingAfterAWhile()
    {
        await whole.AddSiteAsync("silent", "silent.example.com");
        await whole.RouteAsync("silent");
        await whole.UntilConditionAsync("/api/v1/tenants/silent/httproutes/web", "Live", "Unknown");

        var route = await whole.UntilConditionAsync("/api/v1/tenants/silent/httproutes/web", "Live", "False", "NoController");
        Assert.Contains("No controller has claimed this route", MessageOf(route, "Live"), StringComparison.Ordinal);
    }

    [KubernetesFact]
    public async Task ClassWithListenerSets_GivesEachHostnameItsOwn()
    {
        await whole.AddSiteAsync("sets", "sets.example.com");
        await WaitForListenerAsync("sets.example.com");

        await Controller.TakeClassAsync(whole.ClassName, "ListenerSet");
        await whole.FindAsync("ListenerSet", whole.NamespaceOf("sets"), "host.sets.example.com");
        await WholeFixture.UntilAsync(async () => (string?)(await whole.RouteAsync("sets"))["spec"]!["parentRefs"]![0]!["kind"] == "ListenerSet", "the route is attached to the ListenerSet");
        Assert.DoesNotContain((await whole.GatewayAsync())["spec"]!["listeners"]!.AsArray(), static listener => (string?)listener!["hostname"] == "sets.example.com");
        await Controller.ServeAsync("Gateway", whole.GatewayNamespace, "kube");
        await Controller.ServeAsync("ListenerSet", whole.NamespaceOf("sets"), "host.sets.example.com");
        await whole.UntilConditionAsync("/api/v1/tenants/sets/hostnames/sets.example.com", "Live", "True", "Reported");

        await Controller.TakeClassAsync(whole.ClassName);
        await WaitForListenerAsync("sets.example.com");
        await WholeFixture.UntilAsync(
            async () => await whole.Cluster.GetAsync("gateway.networking.k8s.io/v1", "ListenerSet", whole.NamespaceOf("sets"), "host.sets.example.com") is null, "the ListenerSet is gone");
    }

    private async Task WaitForListenerAsync(string hostname) => await WholeFixture.UntilAsync(
        async () => (await whole.GatewayAsync())["spec"]!["listeners"]!.AsArray().Any(listener => (string?)listener!["hostname"] == hostname), $"the Gateway has a listener for {hostname}");

    private static string MessageOf(JsonElement document, string type) => WholeFixture.ConditionOf(document, type)!.Value.GetProperty("message").GetString()!;
}
