using Gatehouse.Control.Clusters;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>That a worker lives is seen by its reports.</summary>
public sealed class HeartbeatTests
{
    [KubernetesFact]
    public async Task Report_OfAnIdleWorker_ComesAgainAndSaysWhichGenerationItIsOf()
    {
        await using var rig = await Rig.CreateAsync();
        rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "settings"));
        rig.Start(new SyncOptions { Heartbeat = TimeSpan.FromMilliseconds(500) });
        await rig.SyncedAsync();
        Assert.Equal(rig.Target.Generation, rig.Report!.Generation);

        for (var beat = 0; beat < 3; beat++)
        {
            var last = rig.Report!.ReportedAt;
            var took = await rig.UntilAsync(() => rig.Report!.ReportedAt > last, 10);
            Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
        }
        Assert.Single(rig.Api!.Writes);
    }

    [Fact]
    public void Heartbeat_ByDefault_IsMissedTwiceBeforeAWorkerCountsAsSilent() =>
        Assert.True(new SyncOptions().Heartbeat * 2.5 < ClusterReport.SilentAfter);
}
