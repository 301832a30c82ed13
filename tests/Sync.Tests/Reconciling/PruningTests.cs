using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>What is no longer meant goes, but not everything at once without a reason.</summary>
public sealed class PruningTests
{
    private static ProjectedObject[] Maps(Rig rig, int count) => [.. Enumerable.Range(0, count).Select(i => HandMade.ConfigMap(rig.Owner, rig.Namespace, $"map-{i:00}"))];

    [KubernetesFact]
    public async Task Prune_OfMuchWithoutReason_IsHeldAcrossRestartsUntilConfirmed()
    {
        await using var rig = await Rig.CreateAsync();
        var maps = Maps(rig, 14);
        rig.Want(maps);
        rig.Start();
        await rig.SyncedAsync();

        // Two are explained by what changed; the others are not.
        rig.Store.ChangedSince = new HashSet<ResourceKey> { maps[2].Source, maps[3].Source };
        rig.Want(maps[..2]);
        await rig.UntilAsync(() => rig.Report?.Held is { Count: 10 });
        await rig.UntilAsync(async () => await rig.GetAsync(maps[2]) is null && await rig.GetAsync(maps[3]) is null);
        Assert.NotNull(await rig.GetAsync(maps[4]));

        // Ten would be few enough by themselves, but they are held by now.
        await rig.StopAsync();
        rig.Store.ChangedSince = new HashSet<ResourceKey>();
        rig.Start();
        await rig.UntilAsync(() => rig.Report is { Held.Count: 10, IsLoaded: true });
        await Task.Delay(500);
        Assert.Empty(rig.Api!.Writes);

        var wrong = rig.Store.Ask(ClusterTaskKind.Prune, """{"token":"0000000000000000"}""");
        await rig.UntilAsync(() => rig.Store.Answers.ContainsKey(wrong));
        Assert.Equal("""{"confirmed":false}""", rig.Store.Answers[wrong]);
        Assert.Empty(rig.Api.Writes);

        var right = rig.Store.Ask(ClusterTaskKind.Prune, $$"""{"token":"{{rig.Report!.Held!.Token}}"}""");
        await rig.UntilAsync(async () => await rig.GetAsync(maps[13]) is null && rig.Report is { Held: null });
        Assert.Equal("""{"confirmed":true}""", rig.Store.Answers[right]);
        Assert.NotNull(await rig.GetAsync(maps[0]));
    }

    [KubernetesFact]
    public async Task Prune_WhileInputsAreIncomplete_Waits()
    {
        await using var rig = await Rig.CreateAsync();
        var maps = Maps(rig, 2);
        rig.Want(maps);
        rig.Start();
        await rig.SyncedAsync();

        rig.States.Set([rig.Target], _ => HandMadeStates.Projection(maps[..1]), isComplete: false);
        await Task.Delay(1_000);
        Assert.NotNull(await rig.GetAsync(maps[1]));

        rig.States.Set([rig.Target], _ => HandMadeStates.Projection(maps[..1]));
        await rig.UntilAsync(async () => await rig.GetAsync(maps[1]) is null);
    }

    [KubernetesFact]
    public async Task Prune_WhenTheTenantWent_IsExplained()
    {
        await using var rig = await Rig.CreateAsync();
        var maps = Maps(rig, 12);
        rig.Want(maps);
        rig.Start();
        await rig.SyncedAsync();

        rig.Store.ChangedSince = new HashSet<ResourceKey> { new("Tenant", ResourceKind.PlatformTenant, "shop") };
        rig.Want();
        await rig.SyncedAsync();
        Assert.Null(await rig.GetAsync(maps[11]));
        Assert.Null(rig.Report!.Held);
    }

    [KubernetesFact]
    public async Task Prune_WhenWhatChangedIsUnknown_IsHeld()
    {
        await using var rig = await Rig.CreateAsync();
        rig.Want(Maps(rig, 12));
        rig.Start();
        await rig.SyncedAsync();

        rig.Store.ChangedSince = null;
        rig.Want();
        await rig.UntilAsync(() => rig.Report?.Held is { Count: 12, Of: 12 });
        Assert.DoesNotContain(rig.Api!.Writes, write => write.StartsWith("delete", StringComparison.Ordinal));
        rig.Store.ChangedSince = new HashSet<ResourceKey> { new("Tenant", ResourceKind.PlatformTenant, "shop") };
        rig.Want();
        await rig.SyncedAsync();
    }
}
