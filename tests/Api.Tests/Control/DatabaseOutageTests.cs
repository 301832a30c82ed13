using System.Diagnostics;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Revisions;
using Gatehouse.Testing.Postgres;
using Xunit;

namespace Gatehouse.Api.Tests.Control;

/// <summary>Postgres goes away under a control process and comes back.</summary>
public sealed class DatabaseOutageTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync();
        _database = await TestDatabase.CreateAsync(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Outage_FeedAndState_StayAndCatchUpAfterwards()
    {
        var revision = await AddAsync("Backend", "v1", """{"endpoints":[{"address":"127.0.0.1","port":9001}]}""");
        await using var control = await ControlProcess.StartAsync(_database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(revision);

        await _server.StopAsync();
        await EventuallyAsync(() => control.Host.DatabaseAway);
        Assert.Equal(revision, control.Host.Current.Revision);
        await using (var during = new FeedReader())
        {
            await during.ConnectAsync(control);
            await during.ReadUntilAsync(revision);
            Assert.Equal(System.Net.HttpStatusCode.OK, await control.AcknowledgeAsync(during.Acknowledgement()));
        }

        await _server.StartAsync();
        await EventuallyAsync(() => !control.Host.DatabaseAway);
        var later = await AddAsync("Backend", "v2", """{"endpoints":[{"address":"127.0.0.1","port":9002}]}""");
        var watch = Stopwatch.StartNew();
        await reader.ReadUntilAsync(later);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.5), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Start_DatabaseAway_LoadsWhenItComes()
    {
        var revision = await AddAsync("Backend", "v1", """{"endpoints":[{"address":"127.0.0.1","port":9001}]}""");
        await _server.StopAsync();
        await using var control = await ControlProcess.StartAsync(_database.Compiler);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await EventuallyAsync(() => control.Host.DatabaseAway);
        Assert.False(control.Host.Current.IsLoaded);
        await _server.StartAsync();
        await reader.ReadUntilAsync(revision);
    }

    private async Task<long> AddAsync(string kind, string name, string spec)
    {
        await using var db = _database.NewContext();
        await using var transaction = await new Transactions(db, new RevisionSignal(), TimeProvider.System)
            .WriteAsync(TestDatabase.ShopId, new WriteContext(Actor.System, "test"));
        db.Resources.Add(new ResourceEntity { TenantId = TestDatabase.ShopId, Kind = kind, Name = name, Spec = spec });
        return await transaction.CommitAsync();
    }

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "It never held.");
            await Task.Delay(20);
        }
    }
}
