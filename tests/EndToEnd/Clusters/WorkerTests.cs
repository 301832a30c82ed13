using System.Net;
using System.Text.Json.Nodes;
using Gatehouse.Standalone.Processes;
using Xunit;

namespace Gatehouse.EndToEnd.Clusters;

/// <summary>Sync workers as real processes that are stopped, woken and killed, against a real API server.</summary>
public sealed class WorkerTests
{
    [ClusterFact]
    public async Task Leader_StoppedAndWoken_IsReplacedAndWritesNothingAnyMore()
    {
        await using var site = await WorkerSite.StartAsync();
        await site.OfferAsync();
        await site.PutRouteAsync("web", 10);
        site.StartWorker("one");
        site.StartWorker("two");
        await site.UntilAsync(async () => await site.WeightAsync("web") == 10, 40);
        var leader = site.Proxy.LastWriter!;
        var other = leader == "one" ? "two" : "one";
        Assert.Equal(0, site.Proxy.CountOf(other));

        site.Signal(leader, WorkerSignals.Stop);
        var written = site.Proxy.CountOf(leader);
        await site.PutRouteAsync("web", 20);
        var took = await site.UntilAsync(async () => await site.WeightAsync("web") == 20, 30);
        Assert.Equal(other, site.Proxy.LastWriter);
        Assert.True(took < TimeSpan.FromSeconds(25), $"{took}");

        // It wakes up in the belief that it leads, with a change to make that it does not know yet and one that is made already.
        await site.PutRouteAsync("web", 30);
        site.Signal(leader, WorkerSignals.Continue);
        await site.UntilAsync(async () => await site.WeightAsync("web") == 30, 10);
        await site.PutRouteAsync("web", 40);
        await site.UntilAsync(async () => await site.WeightAsync("web") == 40, 10);
        await Task.Delay(3_000);
        Assert.Equal(written, site.Proxy.CountOf(leader));
        Assert.Equal(40, await site.WeightAsync("web"));
    }

    [ClusterFact]
    public async Task Worker_KilledAmidItsFirstSync_LeavesNoOrphanAfterTheNextStart()
    {
        const int count = 300;
        await using var site = await WorkerSite.StartAsync();
        await site.OfferAsync(maxWritesPerSecond: 100);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) => await site.PutRouteAsync($"r-{i}"));
        site.StartWorker("first");
        await site.UntilAsync(() => Task.FromResult(site.Proxy.CountOf("first") > 60), 40);
        site.Signal("first", Posix.Kill);
        var written = site.Proxy.CountOf("first");
        Assert.InRange(written, 60, count - 50);

        // What it made is changed or taken back while nobody looks.
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.NoContent, (await site.Api.DeleteAsync($"tenants/{site.Tenant}/httproutes/r-{i}")).Status);
        await site.PutRouteAsync("r-10", 7);
        site.StartWorker("second");
        await site.UntilAsync(async () => await site.WeightAsync("r-10") == 7 && (await RoutesAsync(site)).Count == count - 10, 40);
        await site.UntilAsync(async () => (await site.Api.GetAsync("clusters/tried/manifests?diff=true")).Json["answer"]?["items"] is JsonArray { Count: 0 }, 20);

        var routes = await RoutesAsync(site);
        Assert.Equal(Enumerable.Range(10, count - 10).Select(i => $"r-{i}").Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
    }

    private static async Task<List<string>> RoutesAsync(WorkerSite site) =>
        [.. (await site.Server.OursAsync("apis/gateway.networking.k8s.io/v1/httproutes", site.Tenant)).Select(static route => (string)route["metadata"]!["name"]!)];
}

/// <summary>Signals that stop a process and let it go on.</summary>
internal static class WorkerSignals
{
    public const int Continue = 18;
    public const int Stop = 19;
}
