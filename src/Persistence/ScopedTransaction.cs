using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Gatehouse.Persistence;

/// <summary>Transactions with the settings that row-level security looks at. They end with the transaction, so a pooled connection carries none over.</summary>
internal static class ScopedTransaction
{
    /// <summary>The tenant whose rows are seen.</summary>
    public const string Tenant = "app.tenant_id";

    /// <summary>The user whose memberships are seen.</summary>
    public const string User = "app.user_id";

    /// <summary>The hash of the API token that is seen.</summary>
    public const string TokenHash = "app.token_hash";

    private const int Attempts = 2;

    /// <summary>
    /// Begins a transaction with one setting. A pooled connection may have died unnoticed, for example when Postgres was restarted; as
    /// nothing was done yet, the pool is emptied and a new connection tried.
    /// </summary>
    public static async Task<IDbContextTransaction> BeginAsync(GatehouseDbContext db, string setting, string value, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            IDbContextTransaction? transaction = null;
            try
            {
                transaction = await db.Database.BeginTransactionAsync(cancellationToken);
                await SetAsync(db, setting, value, cancellationToken);
                return transaction;
            }
            catch (Exception exception)
            {
                if (transaction is not null)
                    await transaction.DisposeAsync();
                if (attempt == Attempts || exception is not DbException { IsTransient: true } || db.Database.GetDbConnection() is not NpgsqlConnection connection)
                    throw;
                NpgsqlConnection.ClearPool(connection);
            }
        }
    }

    /// <summary>Sets one setting for the rest of the transaction.</summary>
    public static Task SetAsync(GatehouseDbContext db, string setting, string value, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT set_config({setting}, {value}, true)", cancellationToken);
}
