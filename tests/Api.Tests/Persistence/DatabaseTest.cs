using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Revisions;
using Gatehouse.Testing.Postgres;
using Xunit;

namespace Gatehouse.Api.Tests.Persistence;

/// <summary>A database of its own for each test.</summary>
public abstract class DatabaseTest : IAsyncLifetime
{
    protected static readonly WriteContext Write = new(Actor.System, "test");

    protected TestDatabase Database { get; private set; } = null!;

    protected RevisionSignal Signal { get; } = new();

    public async Task InitializeAsync() => Database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await Database.DisposeAsync();

    protected Transactions TransactionsOf(GatehouseDbContext db) => new(db, Signal, TimeProvider.System);

    protected static ResourceEntity Backend(Guid tenant, string name) => new()
    {
        TenantId = tenant,
        Kind = "Backend",
        Name = name,
        Spec = """{"endpoints":[{"address":"127.0.0.1","port":9001}]}""",
    };

    protected async Task<long> WriteAsync(Guid tenant, Func<WriteTransaction, Task> work, WriteContext? context = null)
    {
        await using var db = Database.NewContext();
        await using var transaction = await TransactionsOf(db).WriteAsync(tenant, context ?? Write);
        await work(transaction);
        return await transaction.CommitAsync();
    }

    protected Task<long> AddBackendAsync(Guid tenant, string name) => WriteAsync(tenant, transaction =>
    {
        transaction.Db.Resources.Add(Backend(tenant, name));
        return Task.CompletedTask;
    });
}
