using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Leases;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>Only one worker writes, whatever becomes of the others.</summary>
public sealed class FencingTests
{
    private static readonly LeaseTimes Short = new() { Duration = TimeSpan.FromSeconds(2), RenewDeadline = TimeSpan.FromSeconds(1.5), Period = TimeSpan.FromSeconds(0.3), SafeWindow = TimeSpan.FromSeconds(0.8), LongestWrite = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Fence_AfterAPause_AsksBeforeItLetsThrough()
    {
        var clock = new MovableClock();
        var store = new MemoryStore(clock);
        var cluster = Guid.NewGuid();
        var lease = (await store.AcquireAsync(cluster, "one", TimeSpan.FromSeconds(15), default))!;
        using var fence = new Fence(store, lease, new LeaseTimes(), clock);
        clock.Advance(TimeSpan.FromSeconds(4));
        store.IsAway = true;
        await fence.PassAsync(default);

        clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IOException>(async () => await fence.PassAsync(default));
        store.IsAway = false;
        await fence.PassAsync(default);

        clock.Advance(TimeSpan.FromSeconds(16));
        Assert.NotNull(await store.AcquireAsync(cluster, "two", TimeSpan.FromSeconds(15), default));
        await Assert.ThrowsAsync<LeaseLostException>(async () => await fence.PassAsync(default));
        Assert.True(fence.Lost.IsCancellationRequested);

        // Lost is lost, though the other one has gone meanwhile.
        clock.Advance(TimeSpan.FromSeconds(16));
        await Assert.ThrowsAsync<LeaseLostException>(async () => await fence.PassAsync(default));
    }

    [Fact]
    public async Task Fence_OfAnEpochThatIsOver_LetsNothingThrough()
    {
        var clock = new MovableClock();
        var store = new MemoryStore(clock);
        var cluster = Guid.NewGuid();
        using var fence = new Fence(store, (await store.AcquireAsync(cluster, "one", TimeSpan.FromSeconds(15), default))!, new LeaseTimes(), clock);
        clock.Advance(TimeSpan.FromSeconds(20));
        await store.AcquireAsync(cluster, "two", TimeSpan.FromSeconds(15), default);
        clock.Advance(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAsync<LeaseLostException>(async () => await fence.PassAsync(default));
    }

    [KubernetesFact]
    public async Task Worker_WhileAnotherLeads_TakesOverWhenThatStopsAndWritesOnlyWhatIsNew()
    {
        await using var rig = await Rig.CreateAsync();
        rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "one"));
        rig.Start(new SyncOptions { Holder = "first" });
        await rig.SyncedAsync();
        var first = rig.Api!;
        await rig.StopAsync();
        rig.Start(new SyncOptions { Holder = "second" });
        var took = await rig.UntilAsync(() => rig.Report?.Leader == "second", 5);
        rig.Start(new SyncOptions { Holder = "third" });
        rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "one"), HandMade.ConfigMap(rig.Owner, rig.Namespace, "two"));
        await rig.SyncedAsync();

        Assert.Equal("second", rig.Report!.Leader);
        Assert.Equal(["apply ConfigMap two"], rig.Api!.Writes);
        Assert.Single(first.Writes);
        Assert.True(took < TimeSpan.FromSeconds(5));
    }

    [KubernetesFact]
    public async Task Worker_ThatWasPaused_WritesNothingOnceAnotherLeads()
    {
        await using var rig = await Rig.CreateAsync();
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        rig.Want(map);
        var paused = new PausableStore(rig.Store);
        rig.Start(new SyncOptions { Holder = "paused", Lease = Short }, store: paused);
        await rig.SyncedAsync();
        var api = rig.Api!;

        // It hears nothing from Postgres, as a process that is stopped, but its writes would still get through.
        paused.IsPaused = true;
        rig.Start(new SyncOptions { Holder = "fresh", Lease = Short });
        await rig.UntilAsync(() => rig.Report?.Leader == "fresh");
        rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "map", "2"));
        await rig.SyncedAsync();
        await Task.Delay(500);

        Assert.Single(api.Writes);
        paused.IsPaused = false;
        rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "map", "3"));
        await rig.SyncedAsync();
        Assert.Single(api.Writes);
        Assert.Equal("fresh", rig.Report!.Leader);
    }

    [KubernetesFact]
    public async Task Worker_ThatDiesAmidWrites_LeavesNothingBehindAfterTheNextOne()
    {
        await using var rig = await Rig.CreateAsync();
        var maps = Enumerable.Range(0, 40).Select(i => HandMade.ConfigMap(rig.Owner, rig.Namespace, $"map-{i:00}")).ToArray();
        var dead = new TaskCompletionSource();
        var written = 0;
        rig.Want(maps);
        rig.Start(new SyncOptions { Holder = "dies", Lease = Short }, connect: async _ => new CountingApi(await TestCluster.ClientAsync())
        {
            // From its tenth write on nothing of it gets through: as if it were killed between two requests.
            BeforeWrite = _ => Interlocked.Increment(ref written) > 10 ? dead.Task : Task.CompletedTask,
        }, store: new PausableStore(rig.Store) { PausesAfter = () => Volatile.Read(ref written) > 10 });
        await rig.UntilAsync(() => written > 10);

        // What it had made, and is not meant any more, goes too.
        rig.Want([.. maps[5..], HandMade.ConfigMap(rig.Owner, rig.Namespace, "new")]);
        rig.Start(new SyncOptions { Holder = "next", Lease = Short });
        await rig.UntilAsync(() => rig.Report is { Leader: "next", Queue: 0, IsLoaded: true } && rig.Report.SyncedRevision == rig.States.Current!.Revision, 20);

        var kind = await rig.Cluster.KindAsync("v1", "ConfigMap");
        var found = (await rig.Cluster.Api.ListAsync(kind, rig.Namespace, $"{ObjectMarks.Owner}={rig.Owner}", default)).Items.Select(item => (string)item["metadata"]!["name"]!).Order();
        Assert.Equal(maps[5..].Select(map => map.Id.Name).Append("new"), found);
        dead.SetCanceled();
    }

    [KubernetesFact]
    public async Task Worker_WithoutPostgres_WritesNothingAndGoesOnWhenItIsBack()
    {
        await using var rig = await Rig.CreateAsync();
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        rig.Want(map);
        rig.Start(new SyncOptions { Lease = Short });
        await rig.SyncedAsync();

        rig.Store.IsAway = true;
        await Task.Delay(Short.SafeWindow + TimeSpan.FromSeconds(0.5));
        rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "map", "2"));
        await Task.Delay(1_000);
        Assert.Single(rig.Api!.Writes);

        rig.Store.IsAway = false;
        await rig.UntilAsync(async () => (string?)(await rig.GetAsync(map))!["data"]!["value"] == "2", 10);
    }

    private sealed class MovableClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
