using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Gatehouse.Migrations;

/// <summary>Brings a database to this version: roles, schema, walls. Forward only, and one at a time.</summary>
public static class Migrator
{
    /// <summary>Any number that only migrators of Gatehouse use.</summary>
    private const long LockKey = 0x6761746568;

    /// <summary>Creates what is missing; a database that is up to date is left as it is.</summary>
    /// <param name="ownerConnectionString">Login that owns the database; not a superuser, but with CREATEROLE unless the roles exist.</param>
    /// <param name="passwords">Passwords of the runtime's logins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The migrations that were applied.</returns>
    /// <exception cref="DatabaseIsNewerException">The database was migrated by a newer version.</exception>
    /// <exception cref="RolesMissingException">Roles are missing and the owner may not create them.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        string ownerConnectionString, LoginPasswords passwords, CancellationToken cancellationToken = default)
    {
        await using var gate = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false }.ConnectionString);
        await gate.OpenAsync(cancellationToken);

        // The session's lock ends with its connection, whatever happens.
        await using (var command = new NpgsqlCommand($"SELECT pg_advisory_lock({LockKey})", gate) { CommandTimeout = 300 })
            await command.ExecuteNonQueryAsync(cancellationToken);

        await using var db = new GatehouseDbContext(
            (DbContextOptions<GatehouseDbContext>)new DbContextOptionsBuilder<GatehouseDbContext>().UseGatehouse(ownerConnectionString).Options);
        var pending = await PendingAsync(db, cancellationToken);
        await DatabaseRoles.EnsureAsync(gate, passwords, cancellationToken);
        if (pending.Count > 0)
            await db.GetService<IMigrator>().MigrateAsync(null, cancellationToken);
        return pending;
    }

    private static async Task<IReadOnlyList<string>> PendingAsync(GatehouseDbContext db, CancellationToken cancellationToken)
    {
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } unknown)
            throw new DatabaseIsNewerException(unknown);
        return known.Except(applied).Order(StringComparer.Ordinal).ToList();
    }
}

/// <summary>Passwords of the logins that the runtime uses; null: the server asks for none (a Unix socket of one's own) or they are set elsewhere.</summary>
/// <param name="App">Password of <see cref="DatabaseRoles.App"/>.</param>
/// <param name="Compiler">Password of <see cref="DatabaseRoles.Compiler"/>.</param>
public sealed record LoginPasswords(string? App = null, string? Compiler = null);
