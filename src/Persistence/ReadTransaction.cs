using Microsoft.EntityFrameworkCore.Storage;

namespace Gatehouse.Persistence;

/// <summary>A transaction that sees one tenant's rows; disposing it ends it.</summary>
public sealed class ReadTransaction : IAsyncDisposable
{
    private readonly IDbContextTransaction _transaction;

    internal ReadTransaction(GatehouseDbContext db, IDbContextTransaction transaction)
    {
        Db = db;
        _transaction = transaction;
    }

    /// <summary>The context.</summary>
    public GatehouseDbContext Db { get; }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Db.TenantId = null;
        await _transaction.DisposeAsync();
    }
}
