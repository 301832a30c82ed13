using System.Net;
using System.Text;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Feed;

public sealed class FeedTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gatehouse-dp-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Snapshot_ThenDelta_AreServedAndAcknowledged()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed);
        feed.Snapshot(7, Table([Backend("v1", v1.Port)], Host("shop.test", Rule([To("v1")]))));
        var first = await feed.WaitForAsync(ack => ack.AppliedRevision == 7 && ack.Sockets.Any(socket => socket.Bound));
        Assert.Equal(gateway.Port, first.Sockets.Single().BoundPort);
        Assert.Equal(80, first.Sockets.Single().Port);
        Assert.False(first.Http3!.Supported);
        Assert.Contains("msquic", first.Http3.Reason, StringComparison.Ordinal);
        Assert.Equal("v1", (await gateway.EchoAsync("shop.test")).Backend);
        await feed.WaitForAsync(ack => ack.Backends.Any(backend => backend.Endpoints.Single().Health == "healthy"));
        var added = Host("new.test", Rule([To("v1")]));
        feed.Delta(7, 8, (FeedEntry.Hosts, added.Key, added));
        await feed.WaitForAsync(ack => ack.AppliedRevision == 8);
        Assert.Equal("v1", (await gateway.EchoAsync("new.test")).Backend);
        feed.Delta(8, 9, (FeedEntry.Hosts, added.Key, null));
        await feed.WaitForAsync(ack => ack.AppliedRevision == 9);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync("new.test")).Status);
    }

    [Fact]
    public async Task Entry_ThatCannotBeUsed_IsRefusedAlone()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed);
        var poison = Host("poison.test", Rule([To("v1")])) with { Matches = [new CompiledMatch { Rule = 0, PathType = "RegularExpression", Path = "(a)\\1" }] };
        var good = Host("good.test", Rule([To("v1")]));
        feed.Snapshot(1, Table([Backend("v1", v1.Port)], poison, good));
        var ack = await feed.WaitForAsync(ack => ack.AppliedRevision == 1);
        Assert.Equal(poison.Key, ack.Refusals.Single().Key);
        Assert.Equal("v1", (await gateway.EchoAsync("good.test")).Backend);
        feed.Delta(1, 2, (FeedEntry.Hosts, good.Key, Encoding.UTF8.GetBytes("""{"listener":1,"nonsense":true}""")));
        ack = await feed.WaitForAsync(ack => ack.AppliedRevision == 2);
        Assert.Equal(2, ack.Refusals.Count);
        Assert.Equal("v1", (await gateway.EchoAsync("good.test")).Backend);
        feed.Delta(2, 3, (FeedEntry.Hosts, poison.Key, null), (FeedEntry.Hosts, good.Key, good));
        ack = await feed.WaitForAsync(ack => ack.AppliedRevision == 3);
        Assert.Empty(ack.Refusals);
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("count")]
    [InlineData("from")]
    [InlineData("back")]
    public async Task Change_ThatDoesNotAddUp_IsNotAppliedAndASnapshotIsAskedFor(string fault)
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed);
        var table = Table([Backend("v1", v1.Port)], Host("shop.test", Rule([To("v1")])));
        feed.Snapshot(5, table);
        await feed.WaitForAsync(ack => ack.AppliedRevision == 5);
        feed.Send(new FeedFrame { Type = FeedFrame.Begin, Snapshot = false, Revision = fault == "from" ? 4 : 5 });
        feed.Send(new FeedFrame { Type = FeedFrame.Data, Entries = [new FeedEntry(FeedEntry.Hosts, table.Hosts.Keys.Single(), null)] });
        var commit = feed.Commit(fault == "back" ? 4 : 6);
        feed.Send(fault switch { "hash" => commit with { Count = 2 }, "count" => commit with { Count = 9 }, _ => commit });
        await WaitAsync(() => feed.Connections.Count >= 2);
        Assert.Contains("since=0", feed.Connections.Last(), StringComparison.Ordinal);
        Assert.Equal("v1", (await gateway.EchoAsync("shop.test")).Backend);
        feed.Snapshot(6, table);
        await feed.WaitForAsync(ack => ack.AppliedRevision == 6);
    }

    [Fact]
    public async Task Feed_CutBeforeCommit_AppliesNothing()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed);
        var table = Table([Backend("v1", v1.Port)], Host("shop.test", Rule([To("v1")])));
        feed.Snapshot(5, table);
        await feed.WaitForAsync(ack => ack.AppliedRevision == 5);
        feed.Send(new FeedFrame { Type = FeedFrame.Begin, Snapshot = false, Revision = 5 });
        feed.Send(new FeedFrame { Type = FeedFrame.Data, Entries = [new FeedEntry(FeedEntry.Hosts, table.Hosts.Keys.Single(), null)] });
        await Task.Delay(100);
        var port = feed.Url.Port;
        await feed.DisposeAsync();
        await Task.Delay(200);
        Assert.Equal("v1", (await gateway.EchoAsync("shop.test")).Backend);
        await using var back = await FeedServer.StartAsync(port);
        await WaitAsync(() => !back.Connections.IsEmpty);
        Assert.Contains("since=5", back.Connections.Last(), StringComparison.Ordinal);
        Assert.Contains("hash=", back.Connections.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_WithControlPlaneAway_ServesTheLastGoodSnapshot()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        var feed = await FeedServer.StartAsync();
        await using (var gateway = await StartAsync(feed))
        {
            feed.Snapshot(5, Table([Backend("v1", v1.Port)], Host("shop.test", Rule([To("v1")]))));
            await feed.WaitForAsync(ack => ack.AppliedRevision == 5);
        }
        var url = feed.Url;
        await feed.DisposeAsync();
        var file = new FileInfo(Path.Combine(_directory.FullName, "last-good.snapshot"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        Assert.DoesNotContain("shop.test", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file.FullName)), StringComparison.Ordinal);
        await using (var gateway = await TestGateway.StartAsync(configure: options => Configure(options, url)))
            Assert.Equal("v1", (await gateway.EchoAsync("shop.test")).Backend);
        await using var back = await FeedServer.StartAsync(url.Port);
        await using (var gateway = await TestGateway.StartAsync(configure: options => Configure(options, url)))
        {
            await WaitAsync(() => !back.Connections.IsEmpty);
            Assert.Contains($"since=5&schema={MatchTableJson.SchemaVersion}&hash=", back.Connections.First(), StringComparison.Ordinal);
            Assert.Contains("compiler=1", back.Connections.First(), StringComparison.Ordinal);
            // The restored state has the hash that the feed gave: a delta from it must add up.
            var more = Host("more.test", Rule([To("v1")]));
            back.Snapshot(5, Table([Backend("v1", v1.Port)], Host("shop.test", Rule([To("v1")]))));
            back.Delta(5, 6, (FeedEntry.Hosts, more.Key, more));
            await back.WaitForAsync(ack => ack.AppliedRevision == 6);
        }
    }

    [Fact]
    public async Task Snapshot_AlteredOnDisk_IsNotServed()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var feed = await FeedServer.StartAsync();
        await using (var gateway = await StartAsync(feed))
        {
            feed.Snapshot(5, Table([Backend("v1", v1.Port)], Host("shop.test", Rule([To("v1")]))));
            await feed.WaitForAsync(ack => ack.AppliedRevision == 5);
        }
        var file = Path.Combine(_directory.FullName, "last-good.snapshot");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await using var again = await StartAsync(feed);
        using var admin = new HttpClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.GetAsync($"http://127.0.0.1:{again.AdminPort}/readyz")).StatusCode);
    }

    [Fact]
    public async Task Loss_Unexplained_IsHeldUntilAccepted()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed);
        var hosts = Enumerable.Range(0, 120).Select(i => Host($"h{i}.test", Rule([To("v1")]))).ToArray();
        feed.Snapshot(5, Table([Backend("v1", v1.Port)], hosts));
        await feed.WaitForAsync(ack => ack.AppliedRevision == 5);
        feed.Snapshot(6, Table([Backend("v1", v1.Port)], hosts[0]), explained: false);
        var held = await feed.WaitForAsync(ack => ack.Held is not null);
        Assert.Equal(5, held.AppliedRevision);
        Assert.Equal("v1", (await gateway.EchoAsync("h99.test")).Backend);
        using var admin = new HttpClient();
        (await admin.PostAsync($"http://127.0.0.1:{gateway.AdminPort}/feed/accept", null)).EnsureSuccessStatusCode();
        await WaitAsync(() => feed.Connections.Count >= 2);
        feed.Snapshot(6, Table([Backend("v1", v1.Port)], hosts[0]), explained: false);
        await feed.WaitForAsync(ack => ack.AppliedRevision == 6 && ack.Held is null);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync("h99.test")).Status);
    }

    [Fact]
    public async Task Loss_ExplainedByRevisions_IsApplied()
    {
        await using var feed = await FeedServer.StartAsync();
        await using var gateway = await StartAsync(feed);
        var hosts = Enumerable.Range(0, 120).Select(i => Host($"h{i}.test", Rule([Invalid()]))).ToArray();
        feed.Snapshot(5, Table([], hosts));
        await feed.WaitForAsync(ack => ack.AppliedRevision == 5);
        feed.Snapshot(6, Table([], hosts[0]), explained: true);
        await feed.WaitForAsync(ack => ack.AppliedRevision == 6);
    }

    [Fact]
    public async Task Socket_TakenByAnother_IsReportedAndOpenedOnceItIsFree()
    {
        await using var feed = await FeedServer.StartAsync();
        var taken = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(configure: options => Configure(options, feed.Url) with
        {
            Publish = new Dictionary<int, int>(options.Publish) { [81] = taken.Port },
        });
        var second = Listener(81, id: "platform/Gateway/default/second");
        var table = Table([], Host("shop.test", Rule([Invalid()])));
        feed.Snapshot(1, table with { Listeners = new Dictionary<string, ListenerEntry>(table.Listeners) { [second.Id] = second } });
        var ack = await feed.WaitForAsync(ack => ack.Sockets.Any(socket => socket.Port == 81));
        Assert.StartsWith("PortUnavailable", ack.Sockets.Single(socket => socket.Port == 81).Error, StringComparison.Ordinal);
        Assert.True(ack.Sockets.Single(socket => socket.Port == 80).Bound);
        await taken.DisposeAsync();
        await feed.WaitForAsync(ack => ack.Sockets.Any(socket => socket is { Port: 81, Bound: true }));
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(20);
        Assert.True(condition());
    }

    private Task<TestGateway> StartAsync(FeedServer feed) => TestGateway.StartAsync(configure: options => Configure(options, feed.Url));

    private DataPlaneOptions Configure(DataPlaneOptions options, Uri feed) => options with { Feed = feed, DataDir = _directory.FullName, Replica = "r1" };
}
