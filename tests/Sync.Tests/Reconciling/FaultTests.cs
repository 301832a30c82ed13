using System.Diagnostics;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Leases;
using Gatehouse.Sync.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>An API server that fails in each way it can; everything is as it should be once it works again.</summary>
public sealed class FaultTests
{
    private static readonly SyncOptions Impatient = new() { Lease = new LeaseTimes { LongestWrite = TimeSpan.FromSeconds(1) } };

    private static bool IsApply(HttpRequest request) => HttpMethods.IsPatch(request.Method);

    [KubernetesTheory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(409)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Writes_FailingForAWhile_AreRepeatedUntilTheyGetThrough(int status)
    {
        await using var rig = await Rig.CreateAsync();
        await using var proxy = await FaultyProxy.StartAsync();
        var left = 5;
        proxy.Decide = request => IsApply(request) && Interlocked.Decrement(ref left) >= 0
            ? new Fault(status, Hangs: status == 0, Cuts: status == -1, RetryAfter: status == 429 ? 1 : null)
            : null;
        rig.Want([.. Enumerable.Range(0, 10).Select(i => HandMade.ConfigMap(rig.Owner, rig.Namespace, $"map-{i}"))]);
        rig.Start(Impatient, connect: _ => proxy.ClientAsync());

        await rig.SyncedAsync(40);

        Assert.True(left < 0);
        Assert.Equal(10, rig.Report!.Objects["ConfigMap"]);
        Assert.Equal(0, rig.Report.Failed);
    }

    [KubernetesFact]
    public async Task Server_AwayForAWhile_IsToldAndEverythingIsCaughtUp()
    {
        await using var rig = await Rig.CreateAsync();
        await using var proxy = await FaultyProxy.StartAsync();
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        var gone = HandMade.ConfigMap(rig.Owner, rig.Namespace, "gone");
        rig.Want(map, gone);
        rig.Start(Impatient, connect: _ => proxy.ClientAsync());
        await rig.SyncedAsync();
        var before = rig.Report!;

        proxy.Decide = _ => new Fault(0, Cuts: true);
        proxy.CutAll();
        await rig.UntilAsync(() => rig.Report is { Reachable: false, Problem: not null });
        await rig.StopAsync();
        rig.Start(Impatient with { Holder = "second" }, connect: _ => proxy.ClientAsync());
        await rig.UntilAsync(() => rig.Report is { Leader: "second", Reachable: false, Problem: not null });
        Assert.Equal(before.Versions.Count, rig.Report!.Versions.Count);
        Assert.Equal(before.ServerVersion, rig.Report.ServerVersion);

        // Meanwhile others change it, and something else is meant.
        await rig.Cluster.DeleteAsync("v1", "ConfigMap", rig.Namespace, "map");
        rig.Want(map, HandMade.ConfigMap(rig.Owner, rig.Namespace, "new"));
        await Task.Delay(5_000);
        proxy.Decide = _ => null;

        await rig.SyncedAsync(40);
        Assert.True(rig.Report.Reachable);
        Assert.NotNull(await rig.GetAsync(map));
        Assert.Null(await rig.GetAsync(gone));
        Assert.NotNull(await rig.GetAsync(HandMade.ConfigMap(rig.Owner, rig.Namespace, "new")));
    }

    [KubernetesFact]
    public async Task Watch_ThatIsTooOld_IsReadAnewAndFindsWhatWasMissed()
    {
        await using var rig = await Rig.CreateAsync();
        await using var proxy = await FaultyProxy.StartAsync();
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        rig.Want(map);
        rig.Start(Impatient, connect: _ => proxy.ClientAsync());
        await rig.SyncedAsync();

        var isOpen = false;
        proxy.Decide = request => !request.Query.ContainsKey("watch") ? null : isOpen ? null : new Fault(410, "Expired");
        proxy.CutAll();
        await rig.Cluster.DeleteAsync("v1", "ConfigMap", rig.Namespace, "map");
        await rig.UntilAsync(async () => await rig.GetAsync(map) is not null, 20);
        isOpen = true;
        await rig.SyncedAsync(40);
    }

    [KubernetesFact]
    public async Task Object_ThatIsRefused_HoldsUpNoOther()
    {
        await using var rig = await Rig.CreateAsync();
        var broken = HandMade.Object(rig.Owner, "gateway.networking.k8s.io/v1", "HTTPRoute", rig.Namespace, "broken", HandMade.RouteKey("broken"), new() { ["spec"] = new System.Text.Json.Nodes.JsonObject { ["hostnames"] = new System.Text.Json.Nodes.JsonArray("not a hostname") } });
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop");
        rig.Want(broken, route);
        rig.Start();

        await rig.StandsAsync(route, ObjectState.Applied);
        Assert.Contains("422", (await rig.StandsAsync(broken, ObjectState.Failed)).Message, StringComparison.Ordinal);
        Assert.Equal(1, rig.Report!.Failed);
    }

    [KubernetesFact]
    public async Task Cluster_ThatHangs_DelaysNoOther()
    {
        await using var rig = await Rig.CreateAsync();
        await using var proxy = await FaultyProxy.StartAsync();
        proxy.Decide = _ => new Fault(0, Hangs: true);
        var hanging = rig.Target with { Id = Guid.NewGuid(), Name = "hanging" };
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        rig.States.Set([hanging, rig.Target], input => HandMadeStates.Projection(input.Cluster == "test" ? [map] : []));
        var connector = new TestConnector(target => target.Name == "hanging" ? proxy.ClientAsync(new KubernetesClientOptions { Tries = 1, RequestTimeout = TimeSpan.FromSeconds(2) }) : TestCluster.ClientAsync());
        using var supervisor = new ClusterSupervisor(rig.States, rig.Store, connector, new SyncOptions(), rig.Metrics, TimeProvider.System, NullLoggerFactory.Instance);
        var watch = Stopwatch.StartNew();
        await supervisor.StartAsync(default);

        await rig.UntilAsync(async () => await rig.GetAsync(map) is not null, 10);
        await rig.UntilAsync(() => rig.Store.Report(hanging.Id) is { Reachable: false, Problem: not null }, 10);
        await rig.UntilAsync(() => supervisor.Clusters["hanging"]?.Reachable == false && supervisor.Clusters["test"]?.Reachable == true);

        // The Cluster object goes: its worker ends, and nothing is touched.
        rig.States.Set([hanging], _ => HandMadeStates.Projection([]));
        await rig.UntilAsync(() => supervisor.Clusters.GetValueOrDefault("test") is null);
        Assert.NotNull(await rig.GetAsync(map));
        await supervisor.StopAsync(default);
    }

    [KubernetesFact]
    public async Task Kind_ServedAWhileAfterItsDefinition_IsWrittenAndWatchedSoon()
    {
        await using var rig = await Rig.CreateAsync();
        await using var proxy = await FaultyProxy.StartAsync();
        var served = false;
        proxy.Decide = request => !Volatile.Read(ref served) && request.Path == "/apis/gateway.networking.k8s.io/v1" ? new Fault(404, "NotFound") : null;
        var route = HandMade.Route(rig.Owner, rig.Namespace, "late");
        rig.Want(route);
        rig.Start(connect: async _ => rig.Count(await proxy.ClientAsync()));
        await rig.StandsAsync(route, ObjectState.Failed);
        await Task.Delay(2_000);

        Volatile.Write(ref served, true);
        await rig.StandsAsync(route, ObjectState.Applied, 8);
        await rig.UntilAsync(() => rig.Report is { Problem: null, Queue: 0 }, 8);
        await rig.Cluster.ApplyAsync(DriftTests.Edited(route, "/theirs"));
        await rig.UntilAsync(async () => DriftTests.PathOf((await rig.GetAsync(route))!) == "/", 8);
    }

    [KubernetesFact]
    public async Task KubeconfigFile_Rewritten_IsTakenWithoutARestart()
    {
        await using var rig = await Rig.CreateAsync();
        var file = Path.Combine(Path.GetTempPath(), $"{rig.Namespace}.kubeconfig");
        try
        {
            var right = await File.ReadAllTextAsync(TestCluster.KubeconfigPath!);
            await File.WriteAllTextAsync(file, System.Text.RegularExpressions.Regex.Replace(right, @"https://127\.0\.0\.1:\d+", "https://127.0.0.1:1"));
            rig.Retarget(new ClusterSpec { KubeconfigFiles = [file] });
            rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "map"));
            rig.Start(new SyncOptions { CredentialsPeriod = TimeSpan.FromMilliseconds(300) }, connect: target => new ClusterConnector().ConnectAsync(target, null, CancellationToken.None));
            await rig.UntilAsync(() => rig.Report is { Reachable: false, Problem: not null });

            await File.WriteAllTextAsync(file, right);
            await rig.SyncedAsync();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
