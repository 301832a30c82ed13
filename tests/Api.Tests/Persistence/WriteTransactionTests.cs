using Gatehouse.Persistence.Audit;
using Gatehouse.Testing.Postgres;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Gatehouse.Api.Tests.Persistence;

public sealed class WriteTransactionTests : DatabaseTest
{
    [Fact]
    public async Task Commit_NewObject_LeavesAuditEventAndRevision()
    {
        var number = await AddBackendAsync(TestDatabase.ShopId, "v1");

        await using var db = Database.NewContext();
        await using var read = await TransactionsOf(db).ReadAsync(TestDatabase.ShopId);
        var revision = await db.Revisions.Include(candidate => candidate.Changes).SingleAsync();
        var audit = await db.AuditEvents.SingleAsync();
        Assert.Equal(number, revision.Number);
        Assert.Equal(("Backend", "v1", AuditVerb.Create), Assert.Single(revision.Changes) is var change ? (change.Kind, change.Name, change.Verb) : default);
        Assert.Equal(audit.Id, revision.Changes[0].AuditEventId);
        Assert.Null(audit.Before);
        Assert.Contains("9001", audit.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_ChangedSpec_AuditHasBothVersions()
    {
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        await WriteAsync(TestDatabase.ShopId, async transaction =>
        {
            var backend = await transaction.Db.Resources.SingleAsync();
            backend.Spec = """{"endpoints":[{"address":"127.0.0.1","port":9002}]}""";
            backend.Generation++;
        });

        await using var db = Database.NewContext();
        await using var read = await TransactionsOf(db).ReadAsync(TestDatabase.ShopId);
        var audit = await db.AuditEvents.SingleAsync(candidate => candidate.Verb == AuditVerb.Update);
        Assert.Contains("9001", audit.Before, StringComparison.Ordinal);
        Assert.Contains("9002", audit.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_DryRun_ChangesNothing()
    {
        var number = await WriteAsync(
            TestDatabase.ShopId,
            transaction => Task.FromResult(transaction.Db.Resources.Add(Backend(TestDatabase.ShopId, "v1"))),
            Write with { DryRun = true });

        await using var db = Database.NewContext();
        await using var read = await TransactionsOf(db).ReadAsync(TestDatabase.ShopId);
        Assert.Equal(0, number);
        Assert.Empty(await db.Resources.ToListAsync());
        Assert.Empty(await db.AuditEvents.ToListAsync());
    }

    [Fact]
    public async Task Dispose_WithoutCommit_RollsBack()
    {
        await using (var db = Database.NewContext())
        {
            await using var transaction = await TransactionsOf(db).WriteAsync(TestDatabase.ShopId, Write);
            db.Resources.Add(Backend(TestDatabase.ShopId, "v1"));
            await db.SaveChangesAsync();
        }

        await using var other = Database.NewContext();
        await using var read = await TransactionsOf(other).ReadAsync(TestDatabase.ShopId);
        Assert.Empty(await other.Resources.ToListAsync());
    }

    [Fact]
    public async Task Save_OutsideATransaction_IsRefused()
    {
        await using var db = Database.NewContext();
        db.Resources.Add(Backend(TestDatabase.ShopId, "v1"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task Commit_AcrossTenants_LeavesOneRevisionNumberInEach()
    {
        var number = await WriteAsync(TestDatabase.ShopId, async transaction =>
        {
            transaction.Db.Resources.Add(Backend(TestDatabase.ShopId, "v1"));
            await transaction.SwitchTenantAsync(TestDatabase.PaymentsId);
            transaction.Db.Resources.Add(Backend(TestDatabase.PaymentsId, "v2"));
        });

        foreach (var tenant in new[] { TestDatabase.ShopId, TestDatabase.PaymentsId })
        {
            await using var db = Database.NewContext();
            await using var read = await TransactionsOf(db).ReadAsync(tenant);
            Assert.Equal(number, (await db.Revisions.SingleAsync()).Number);
            Assert.Single(await db.Resources.ToListAsync());
        }
    }

    [Fact]
    public async Task Commit_Concurrent_NumbersAreInCommitOrder()
    {
        const int writers = 16;
        const int writes = 10;
        using var stop = new CancellationTokenSource();
        var watcher = WatchAsync(stop.Token);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < writes; i++)
                await AddBackendAsync(writer % 2 == 0 ? TestDatabase.ShopId : TestDatabase.PaymentsId, $"b-{writer}-{i}");
        })));
        await stop.CancelAsync();

        Assert.True(await watcher > 0);
        await using var db = Database.NewContext(Database.Compiler);
        var numbers = await db.Revisions.IgnoreQueryFilters().OrderBy(revision => revision.Number).Select(revision => revision.Number).ToListAsync();
        var seeded = numbers[0];
        Assert.Equal(Enumerable.Range(0, (writers * writes) + 1).Select(i => seeded + i), numbers);
    }

    /// <summary>A reader that saw revision N must see every revision below it: whatever commits later has a higher number.</summary>
    private async Task<int> WatchAsync(CancellationToken stop)
    {
        var looks = 0;
        await using var db = Database.NewContext(Database.Compiler);
        while (!stop.IsCancellationRequested)
        {
            var numbers = await db.Revisions.IgnoreQueryFilters().Select(revision => revision.Number).Distinct().OrderBy(number => number).ToListAsync(CancellationToken.None);
            for (var i = 1; i < numbers.Count; i++)
                Assert.Equal(numbers[i - 1] + 1, numbers[i]);
            looks++;
        }

        return looks;
    }
}
