using Gatehouse.Standalone.Instance;
using Npgsql;

namespace Gatehouse.Standalone.Postgres;

/// <summary>Connection strings of the embedded Postgres, one for each role.</summary>
internal sealed class PostgresLogins(string socketDirectory, Secrets secrets)
{
    private const string DatabaseName = "gatehouse";

    /// <summary>Owner of the schema; neither superuser nor exempt from row-level security.</summary>
    public string Owner => For("migrator", secrets.MigratorPassword, DatabaseName);

    public string App => For("app", secrets.AppPassword, DatabaseName);

    public string Compiler => For("compiler", secrets.CompilerPassword, DatabaseName);

    /// <summary>Who makes roles and databases; nothing else connects so.</summary>
    public string Superuser(string database) =>
        new NpgsqlConnectionStringBuilder(For("postgres", secrets.PostgresPassword, database)) { Pooling = false }.ConnectionString;

    /// <summary>Makes the owner's role and the database if they are missing.</summary>
    public async Task PrepareDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Superuser("postgres"));
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!await ExistsAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = 'migrator'", cancellationToken).ConfigureAwait(false))
        {
            // The password is hexadecimal and ours; CREATE ROLE takes no parameters.
            await RunAsync(connection, $"CREATE ROLE migrator LOGIN CREATEROLE PASSWORD '{secrets.MigratorPassword}'", cancellationToken).ConfigureAwait(false);
        }
        if (!await ExistsAsync(connection, $"SELECT 1 FROM pg_database WHERE datname = '{DatabaseName}'", cancellationToken).ConfigureAwait(false))
            await RunAsync(connection, $"CREATE DATABASE {DatabaseName} OWNER migrator", cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string query, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private string For(string user, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = socketDirectory,
        Port = 5432,
        Username = user,
        Password = password,
        Database = database,
        Timeout = 5,
        CommandTimeout = 15,
        ApplicationName = "gatehouse",
    }.ConnectionString;
}
