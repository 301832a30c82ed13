using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Gatehouse.Contracts.Feed;
using Gatehouse.Testing.Postgres;
using Xunit;

namespace Gatehouse.Api.Tests.Control;

public sealed class ConfigFeedTests : ControlTest
{
    private const string HostKey = "shop/Hostname/shop.example.com/http|shop.example.com";

    [Fact]
    public async Task Feed_NewDataPlane_GetsASnapshotThenDeltas()
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);

        var first = await reader.ReadUntilAsync(revision);
        Assert.True(first.Snapshot);
        Assert.True(first.Explained);
        Assert.True(reader.Has("host", HostKey));

        await AddBackendAsync(TestDatabase.ShopId, "v2");
        var changed = await ChangeSpecAsync("HTTPRoute", "web", RouteSpec("shop.example.com", "v2"));
        var delta = await reader.ReadUntilAsync(changed);
        Assert.False(delta.Snapshot);
        Assert.Contains(delta.Entries, entry => entry is { Table: "host", Key: HostKey, Value: not null });
        Assert.Contains(delta.Entries, entry => entry is { Table: "backend", Value: null });
    }

    [Fact]
    public async Task Feed_SameHash_GetsNoEntries()
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var first = new FeedReader();
        await first.ConnectAsync(control);
        await first.ReadUntilAsync(revision);

        // Another tenant's backend that nobody uses moves the revision, not the table; meanwhile the control process restarts.
        var later = await AddBackendAsync(TestDatabase.PaymentsId, "api");
        await using var restarted = await ControlProcess.StartAsync(Database.Compiler);
        await using var second = new FeedReader(first);
        await second.ConnectAsync(restarted);
        var change = await second.ReadUntilAsync(later);
        Assert.False(change.Snapshot);
        Assert.Empty(change.Entries);
    }

    [Theory]
    [InlineData("00000000000000000000000000000001", null)]
    [InlineData(null, "99")]
    [InlineData("nonsense", null)]
    public async Task Feed_HashOrSchemaMismatch_GetsASnapshot(string? hash, string? schema)
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var first = new FeedReader();
        await first.ConnectAsync(control);
        await first.ReadUntilAsync(revision);

        await using var second = new FeedReader(first);
        await second.ConnectAsync(control, hash, schema);
        Assert.True((await second.ReadChangeAsync()).Snapshot);
    }

    [Fact]
    public async Task Feed_DataPlaneIsAheadOfTheDatabase_GetsAnUnexplainedSnapshot()
    {
        await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler, options => options with { PollInterval = TimeSpan.FromMilliseconds(100) });
        await control.Host.WaitForRevisionAsync(1, CancellationToken.None);
        using var response = await control.Client.GetAsync("/internal/v1/feed?since=1000&hash=0&schema=1&compiler=1", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = "";
        while (!text.Contains("\"commit\"", StringComparison.Ordinal))
            text += await lines.ReadLineAsync();
        Assert.Contains("\"snapshot\":true", text, StringComparison.Ordinal);
        Assert.Contains("\"explained\":false", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_SomethingStoredCannotBeRead_SnapshotIsUnexplained()
    {
        await AddShopAsync();
        var revision = await ChangeSpecAsync("Backend", "v1", """{"endpoints":"none"}""");
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control, hash: "00000000000000000000000000000001");
        Assert.False((await reader.ReadUntilAsync(revision)).Explained);

        await ChangeSpecAsync("Backend", "v1", """{"endpoints":[{"address":"127.0.0.1","port":9001}]}""");
        await using var restarted = await ControlProcess.StartAsync(Database.Compiler);
        await using var later = new FeedReader();
        await later.ConnectAsync(restarted, hash: "00000000000000000000000000000001");
        Assert.True((await later.ReadUntilAsync(revision + 1)).Explained);
    }

    [Fact]
    public async Task Feed_FurtherBehindThanTheHistory_GetsASnapshot()
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler, options => options with { FeedHistory = 2 });
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(revision);
        await reader.DisposeAsync();
        for (var i = 0; i < 4; i++)
        {
            revision = await ChangeSpecAsync("Backend", "v1", $$"""{"endpoints":[{"address":"127.0.0.1","port":{{9300 + i}}}]}""");
            await control.Host.WaitForRevisionAsync(revision, CancellationToken.None);
        }

        await using var late = new FeedReader(reader);
        await late.ConnectAsync(control);
        Assert.True((await late.ReadUntilAsync(revision)).Snapshot);
    }

    [Fact]
    public async Task Feed_SlowReader_GetsTheNewestStateNotABacklog()
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(revision);
        await reader.DisposeAsync();

        for (var i = 0; i < 20; i++)
        {
            revision = await ChangeSpecAsync("Backend", "v1", $$"""{"endpoints":[{"address":"127.0.0.1","port":{{9100 + i}}}]}""");
            await control.Host.WaitForRevisionAsync(revision, CancellationToken.None);
        }

        await using var late = new FeedReader(reader);
        await late.ConnectAsync(control);
        var change = await late.ReadChangeAsync();
        Assert.Equal(revision, change.Revision);
        Assert.False(change.Snapshot);
        Assert.Contains("9119", Assert.Single(change.Entries).Value!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_Write_ArrivesWithinASecond()
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(revision);
        for (var i = 0; i < 5; i++)
        {
            // No nudge in this process: only NOTIFY and the poll tell it.
            var written = Stopwatch.StartNew();
            await reader.ReadUntilAsync(await ChangeSpecAsync("Backend", "v1", $$"""{"endpoints":[{"address":"127.0.0.1","port":{{9200 + i}}}]}"""));
            Assert.True(written.Elapsed < TimeSpan.FromSeconds(1), $"{written.Elapsed}");
        }
    }

    [Fact]
    public async Task Feed_Deleted_RemovesEntries()
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(revision);
        await reader.ReadUntilAsync(await DeleteAsync("HTTPRoute", "web"));
        Assert.False(reader.Has("host", HostKey));
    }

    [Fact]
    public async Task Feed_TenantDeletedAndCreatedAgain_LosesTheOldObjects()
    {
        var revision = await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(revision);

        var deleted = await WriteAsync(TestDatabase.PlatformId, async transaction =>
        {
            transaction.Db.Tenants.Remove((await transaction.Db.Tenants.FindAsync(TestDatabase.ShopId))!);
            await transaction.Db.SaveChangesAsync();
            transaction.Db.Tenants.Add(new() { Name = "shop" });
        });
        await reader.ReadUntilAsync(deleted);
        Assert.False(reader.Has("host", HostKey));
    }

    [Fact]
    public async Task Feed_Idle_SendsHeartbeats()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler, options => options with { Heartbeat = TimeSpan.FromMilliseconds(100) });
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadChangeAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        FeedFrame frame;
        do
            frame = await reader.ReadFrameAsync(limit.Token);
        while (frame.Type != FeedFrame.Heartbeat);
        Assert.Equal(reader.Revision, frame.Revision);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer credential-of-other", HttpStatusCode.Forbidden)]
    [InlineData("Bearer " + ControlProcess.Credential, HttpStatusCode.OK)]
    public async Task Acknowledgement_Credential_DecidesWhoMaySpeakForThePool(string? authorization, HttpStatusCode status)
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        control.Client.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        Assert.Equal(status, await control.AcknowledgeAsync(new FeedReader().Acknowledgement()));
        if (status == HttpStatusCode.Unauthorized)
        {
            using var response = await control.Client.GetAsync("/internal/v1/feed");
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task Feed_OtherPool_GetsNothingOfThisOne()
    {
        await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        control.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "credential-of-other");
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        Assert.Empty((await reader.ReadChangeAsync()).Entries);
    }

    [Fact]
    public async Task Feed_ManyEntries_ComeInLinesOfAtMost500()
    {
        await AddGatewayAsync();
        var revision = await WriteAsync(TestDatabase.ShopId, transaction =>
        {
            transaction.Db.Resources.Add(Backend(TestDatabase.ShopId, "v1"));
            for (var i = 0; i < 2_000; i++)
            {
                transaction.Db.Resources.Add(Resource(TestDatabase.ShopId, "Hostname", $"h{i}.example.com", "{}"));
                transaction.Db.Resources.Add(Resource(TestDatabase.ShopId, "HTTPRoute", $"r{i}", RouteSpec($"h{i}.example.com", "v1")));
            }

            return Task.CompletedTask;
        });
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(revision);
        Assert.True(reader.Count >= 4_000);
        Assert.True(reader.Lines >= 10);
        Assert.True(reader.LongestLine < 512 * 1024);
    }
}
