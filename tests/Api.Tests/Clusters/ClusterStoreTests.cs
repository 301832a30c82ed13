using Gatehouse.Api.Tests.Control;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Testing.Postgres;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Clusters;

/// <summary>What sync workers keep in Postgres, by the login that they have.</summary>
public sealed class ClusterStoreTests : ControlTest
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private static readonly ResourceKey Web = new("HTTPRoute", "shop", "web");
    private static readonly Dictionary<ResourceKey, ClusterObjectReport?> Nothing = [];

    [Fact]
    public async Task Acquire_TwoWorkers_OneLeadsUntilItsLeaseRunsOut()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");

        var first = await control.Clusters.AcquireAsync(cluster, "a", Short, default);
        Assert.Equal(1, first!.Epoch);
        Assert.Null(await control.Clusters.AcquireAsync(cluster, "b", Long, default));
        Assert.Equal(1, (await control.Clusters.AcquireAsync(cluster, "a", Short, default))!.Epoch);
        await Task.Delay(Short * 2);
        Assert.Equal(2, (await control.Clusters.AcquireAsync(cluster, "b", Long, default))!.Epoch);
        Assert.Null(await control.Clusters.AcquireAsync(cluster, "a", Long, default));
    }

    [Fact]
    public async Task Acquire_ManyAtOnce_OneGetsIt()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");

        var leases = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => control.Clusters.AcquireAsync(cluster, $"worker-{i}", Long, default)));

        Assert.Single(leases, lease => lease is not null);
    }

    [Fact]
    public async Task Acquire_NoSuchCluster_IsRefused()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);

        Assert.Null(await control.Clusters.AcquireAsync(Guid.NewGuid(), "a", Long, default));
    }

    [Fact]
    public async Task Release_TheNextOneLeadsAtOnceAndTheOldLeaseWritesNothing()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");
        var released = await AcquireAsync(control, cluster, "a");

        await control.Clusters.ReleaseAsync(released, default);

        await Assert.ThrowsAsync<LeaseLostException>(() => control.Clusters.SaveReportsAsync(released, Report("a"), Nothing, default));
        Assert.Equal(2, (await control.Clusters.AcquireAsync(cluster, "a", Long, default))!.Epoch);
    }

    [Fact]
    public async Task Write_PausedLeaderWakesUp_WritesNothing()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");
        var paused = (await control.Clusters.AcquireAsync(cluster, "a", Short, default))!;
        await Task.Delay(Short * 2);

        // Nobody has taken over yet: the lease has run out all the same.
        await Assert.ThrowsAsync<LeaseLostException>(() => control.Clusters.SaveReportsAsync(paused, Report("a"), Nothing, default));
        var next = await AcquireAsync(control, cluster, "b");
        await control.Clusters.SaveReportsAsync(next, Report("b"), Reports((Web, Applied(1))), default);
        await control.Clusters.SaveShardsAsync(next, Shards(("g", "x", 1)), default);

        await Assert.ThrowsAsync<LeaseLostException>(() => control.Clusters.SaveReportsAsync(paused, Report("a"), Reports((Web, null)), default));
        await Assert.ThrowsAsync<LeaseLostException>(() => control.Clusters.SaveShardsAsync(paused, ShardAssignments.None, default));
        await Assert.ThrowsAsync<LeaseLostException>(() => control.Clusters.AnswerAsync(paused, Guid.NewGuid(), "{}", default));
        Assert.Null(await control.Clusters.NextTaskAsync(paused, default));
        Assert.Equal(1, (await control.Clusters.ReportsAsync(cluster, default))[Web].Generation);
        Assert.Equal(1, (await control.Clusters.ShardsAsync(cluster, default)).Scopes["g"]["x"]);
    }

    [Fact]
    public async Task Takeover_WhileTheLeaderWrites_WaitsForItsCommit()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");
        var lease = (await control.Clusters.AcquireAsync(cluster, "a", Short, default))!;
        await using var connection = new NpgsqlConnection(Database.Compiler);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT FROM cluster_leases FOR UPDATE", connection))
            await command.ExecuteNonQueryAsync();
        await Task.Delay(Short * 2);

        var takeover = control.Clusters.AcquireAsync(cluster, "b", Long, default);
        await Task.Delay(Short);
        Assert.False(takeover.IsCompleted);
        await transaction.CommitAsync();

        Assert.Equal(2, (await takeover)!.Epoch);
        await Assert.ThrowsAsync<LeaseLostException>(() => control.Clusters.SaveReportsAsync(lease, Report("a"), Nothing, default));
    }

    [Fact]
    public async Task Takeover_WhileTheLeaderHangsAmidItsReport_WaitsForNothing()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");
        var lease = (await control.Clusters.AcquireAsync(cluster, "a", Short, default))!;
        await using var connection = new NpgsqlConnection(Database.Superuser);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE cluster_reports IN ACCESS EXCLUSIVE MODE", connection))
            await command.ExecuteNonQueryAsync();
        var report = control.Clusters.SaveReportsAsync(lease, Report("a"), Nothing, default);
        await Task.Delay(Short * 2);

        Assert.Equal(2, (await control.Clusters.AcquireAsync(cluster, "b", Long, default).WaitAsync(TimeSpan.FromSeconds(4)))!.Epoch);
        Assert.False(report.IsCompleted);
        await transaction.CommitAsync();

        await Assert.ThrowsAsync<LeaseLostException>(() => report);
        Assert.Null(await control.Clusters.ReportAsync(cluster, default));
    }

    [Fact]
    public async Task Reports_SavedByOneProcess_AreFollowedByAnother()
    {
        await using var worker = await ControlProcess.StartAsync(Database.Compiler);
        await using var api = await ControlProcess.StartAsync(Database.Compiler);
        var lease = await AcquireAsync(worker, await AddClusterAsync("east"), "a");
        var other = new ResourceKey("Gateway", "platform", "default");

        await worker.Clusters.SaveReportsAsync(lease, Report("a"), Reports((Web, Applied(1)), (other, Applied(1))), default);
        await WaitAsync(() => api.Reports.Of("east", Web) is { Generation: 1 } && api.Reports.Of("east", other) is not null);
        Assert.Equal("a", api.Reports.Of("east")!.Leader);
        Assert.InRange(DateTimeOffset.UtcNow - api.Reports.Of("east")!.ReportedAt, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(5));

        await worker.Clusters.SaveReportsAsync(lease, Report("a"), Reports((Web, null), (other, Applied(2))), default);
        await WaitAsync(() => api.Reports.Of("east", other) is { Generation: 2 });
        Assert.Null(api.Reports.Of("east", Web));
        Assert.Null(api.Reports.Of("west", other));

        // Who comes later reads it all, and whatever NOTIFY tells nobody is found by the poll.
        await using var late = await ControlProcess.StartAsync(Database.Compiler);
        await WaitAsync(() => late.Reports.Of("east", other) is { Generation: 2 });
        Assert.Null(late.Reports.Of("east", Web));
    }

    [Fact]
    public async Task Reports_ThatSayTheSame_AreNoChange()
    {
        await using var worker = await ControlProcess.StartAsync(Database.Compiler);
        var lease = await AcquireAsync(worker, await AddClusterAsync("east"), "a");
        await worker.Clusters.SaveReportsAsync(lease, Report("a"), Reports((Web, Applied(1))), default);
        var before = await ScalarAsync("SELECT max(change) FROM cluster_object_reports");

        await worker.Clusters.SaveReportsAsync(lease, Report("a"), Reports((Web, Applied(1))), default);

        Assert.Equal(before, await ScalarAsync("SELECT max(change) FROM cluster_object_reports"));
    }

    [Fact]
    public async Task Reports_OfADeletedCluster_AreForgotten()
    {
        await using var worker = await ControlProcess.StartAsync(Database.Compiler);
        var lease = await AcquireAsync(worker, await AddClusterAsync("east"), "a");
        await worker.Clusters.SaveReportsAsync(lease, Report("a"), Reports((Web, Applied(1))), default);
        await WaitAsync(() => worker.Reports.Of("east") is not null);

        await DeletePlatformAsync("east");
        await WaitAsync(() => worker.Reports.Of("east") is null);
        await AddClusterAsync("east");
        await Task.Delay(1500);

        Assert.Null(worker.Reports.Of("east", Web));
    }

    [Fact]
    public async Task Reports_TextThatPostgresCannotIndex_IsKept()
    {
        await using var worker = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");
        var lease = await AcquireAsync(worker, cluster, "a");
        var hostile = Applied(1) with { Problems = [new ReportedProblem(true, "Odd", "nul \0, half \ud800 and '; DROP TABLE resources; --")] };

        await worker.Clusters.SaveReportsAsync(lease, Report("a"), Reports((Web, hostile)), default);

        Assert.StartsWith("nul \0", (await worker.Clusters.ReportsAsync(cluster, default))[Web].Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tombstones_OldOnes_AreSwept()
    {
        await using var worker = await ControlProcess.StartAsync(Database.Compiler);
        var lease = await AcquireAsync(worker, await AddClusterAsync("east"), "a");
        await worker.Clusters.SaveReportsAsync(lease, Report("a"), Reports((Web, null), (Web with { Name = "old" }, null)), default);
        await Database.Server.ExecuteAsync(Database.Name, "UPDATE cluster_object_reports SET changed_at = now() - interval '1 hour' WHERE name = 'old'");

        await using var sweeper = await ControlProcess.StartAsync(Database.Compiler);

        await WaitAsync(async () => 1L.Equals(await ScalarAsync("SELECT count(*) FROM cluster_object_reports")));
        Assert.Equal("web", await ScalarAsync("SELECT name FROM cluster_object_reports"));
    }

    [Fact]
    public async Task Shards_SavedTwice_AreWhatWasSavedLast()
    {
        await using var worker = await ControlProcess.StartAsync(Database.Compiler);
        var cluster = await AddClusterAsync("east");
        var lease = await AcquireAsync(worker, cluster, "a");

        await worker.Clusters.SaveShardsAsync(lease, Shards(("g", "x", 0), ("g", "y", 1), ("h", "z", 0)), default);
        await worker.Clusters.SaveShardsAsync(lease, Shards(("g", "x", 0), ("g", "w", 2)), default);

        var shards = await worker.Clusters.ShardsAsync(cluster, default);
        Assert.Equal("g", Assert.Single(shards.Scopes).Key);
        Assert.Equal([("w", 2), ("x", 0)], shards.Scopes["g"].Select(pair => (pair.Key, pair.Value)).Order());
        Assert.Empty((await worker.Clusters.ShardsAsync(Guid.NewGuid(), default)).Scopes);
    }

    [Fact]
    public async Task ChangedSince_Revisions_NamesWhatChangedAndWhatIsGone()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        var before = await AddShopAsync();
        await DeleteAsync("HTTPRoute", "web");
        var head = await AddBackendAsync(TestDatabase.PaymentsId, "api");

        Assert.Equal([new ResourceKey("Backend", "payments", "api"), Web], (await control.Clusters.ChangedSinceAsync(before, default))!.Order());
        Assert.Empty((await control.Clusters.ChangedSinceAsync(head, default))!);
        Assert.Null(await control.Clusters.ChangedSinceAsync(head + 1, default));
    }

    [Fact]
    public async Task Tables_OfWorkers_AreNoneOfTheApisBusiness()
    {
        await using var connection = new NpgsqlConnection(Database.App);
        await connection.OpenAsync();

        foreach (var sql in new[]
        {
            "SELECT FROM cluster_leases", "SELECT FROM cluster_reports", "SELECT FROM cluster_object_reports", "SELECT FROM cluster_shards",
            "UPDATE cluster_tasks SET answer = ''", "DELETE FROM cluster_tasks", "SELECT ciphertext FROM cluster_credentials",
        })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
    }

    private static async Task<ClusterLease> AcquireAsync(ControlProcess control, Guid cluster, string holder) =>
        (await control.Clusters.AcquireAsync(cluster, holder, Long, default))!;

    private async Task<Guid> AddClusterAsync(string name)
    {
        var row = Resource(TestDatabase.PlatformId, ResourceKind.Cluster, name, """{"inCluster":true}""");
        await WriteAsync(TestDatabase.PlatformId, transaction =>
        {
            transaction.Db.Resources.Add(row);
            return Task.CompletedTask;
        });
        return row.Id;
    }

    private Task<long> DeletePlatformAsync(string name) => WriteAsync(TestDatabase.PlatformId, transaction =>
    {
        transaction.Db.Resources.Remove(transaction.Db.Resources.Single(row => row.Kind == ResourceKind.Cluster && row.Name == name));
        return Task.CompletedTask;
    });

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static ClusterReport Report(string leader) => new() { Reachable = true, Leader = leader, IsLoaded = true };

    private static ClusterObjectReport Applied(long generation) =>
        new() { Generation = generation, Objects = [new ReportedObject { Kind = "HTTPRoute", Namespace = "shop", Name = "web", State = ObjectState.Applied }] };

    private static Dictionary<ResourceKey, ClusterObjectReport?> Reports(params (ResourceKey Key, ClusterObjectReport? Report)[] reports) =>
        reports.ToDictionary(static pair => pair.Key, static pair => pair.Report);

    private static ShardAssignments Shards(params (string Scope, string Item, int Shard)[] items) => new()
    {
        Scopes = items.GroupBy(static item => item.Scope).ToDictionary(
            static scope => scope.Key, static scope => (IReadOnlyDictionary<string, int>)scope.ToDictionary(static item => item.Item, static item => item.Shard)),
    };

    private static Task WaitAsync(Func<bool> condition) => WaitAsync(() => Task.FromResult(condition()));

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
                return;
            await Task.Delay(50);
        }
        Assert.Fail("It did not happen within 5 s.");
    }
}
