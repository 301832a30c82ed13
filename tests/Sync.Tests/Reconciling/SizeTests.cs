using System.Diagnostics;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>Many objects at once.</summary>
public sealed class SizeTests(ITestOutputHelper output)
{
    [KubernetesFact]
    public async Task Objects_AThousand_ConvergeAndOneChangeAmongThemIsQuick()
    {
        await using var rig = await Rig.CreateAsync();
        rig.Retarget(new ClusterSpec { MaxWritesPerSecond = 5_000 });
        var routes = Enumerable.Range(0, 1_000).Select(i => HandMade.Route(rig.Owner, rig.Namespace, $"route-{i:0000}")).ToArray();
        var watch = Stopwatch.StartNew();
        rig.Want(routes);
        rig.Start();
        await rig.SyncedAsync(120);
        output.WriteLine($"1,000 HTTPRoutes converged in {watch.Elapsed.TotalSeconds:0.0} s: {1_000 / watch.Elapsed.TotalSeconds:0} objects/s; {GC.GetTotalMemory(true) / 1_048_576} MiB managed.");
        Assert.Equal(1_000, rig.Report!.Objects["HTTPRoute"]);

        routes[500] = HandMade.Route(rig.Owner, rig.Namespace, "route-0500", "/new");
        rig.Want(routes);
        var change = await rig.UntilAsync(async () => DriftTests.PathOf(await rig.GetAsync(routes[500])) == "/new");
        output.WriteLine($"One change among them was there after {change.TotalMilliseconds:0} ms.");
        Assert.True(change < TimeSpan.FromSeconds(1), $"It took {change}.");

        await rig.Cluster.ApplyAsync(DriftTests.Edited(routes[7], "/theirs"));
        var repair = await rig.UntilAsync(async () => DriftTests.PathOf(await rig.GetAsync(routes[7])) == "/");
        output.WriteLine($"Drift was repaired after {repair.TotalMilliseconds:0} ms.");
        Assert.True(repair < TimeSpan.FromSeconds(1), $"It took {repair}.");

        rig.Store.ChangedSince = new HashSet<ResourceKey> { new("Tenant", ResourceKind.PlatformTenant, "shop") };
        rig.Want();
        await rig.SyncedAsync(120);
        Assert.Empty(rig.Report.Objects);
    }

    [KubernetesFact]
    public async Task Writes_ToOneCluster_KeepToTheSetRate()
    {
        await using var rig = await Rig.CreateAsync();
        rig.Retarget(new ClusterSpec { MaxWritesPerSecond = 20 });
        rig.Want([.. Enumerable.Range(0, 62).Select(i => HandMade.ConfigMap(rig.Owner, rig.Namespace, $"map-{i}"))]);
        var watch = Stopwatch.StartNew();
        rig.Start();
        await rig.SyncedAsync();

        // A tenth of a second's worth may come at once.
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(2.9), $"It took {watch.Elapsed}.");
        Assert.Equal(62, rig.Api!.Writes.Count);
    }
}
