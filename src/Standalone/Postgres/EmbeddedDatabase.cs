using Gatehouse.Standalone.Instance;
using Npgsql;

namespace Gatehouse.Standalone.Postgres;

/// <summary>The database inside the embedded Postgres, and the role that owns it.</summary>
internal sealed class EmbeddedDatabase(string socketDirectory, Secrets secrets)
{
    private const string Name = "gatehouse";

    /// <summary>The owner is neither superuser nor exempt from row-level security.</summary>
    private const string OwnerRole = "gatehouse_owner";

    public DatabaseLogins Logins => DatabaseLogins.Beside(For(OwnerRole, secrets.MigratorPassword, Name).ConnectionString, secrets);

    /// <summary>Makes the owner and the database if they are missing.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!await ExistsAsync(connection, $"SELECT 1 FROM pg_roles WHERE rolname = '{OwnerRole}'", cancellationToken).ConfigureAwait(false))
        {
            // The password is hexadecimal and ours; CREATE ROLE takes no parameters.
            await RunAsync(connection, $"CREATE ROLE {OwnerRole} LOGIN CREATEROLE PASSWORD '{secrets.MigratorPassword}'", cancellationToken).ConfigureAwait(false);
        }
        if (!await ExistsAsync(connection, $"SELECT 1 FROM pg_database WHERE datname = '{Name}'", cancellationToken).ConfigureAwait(false))
            await RunAsync(connection, $"CREATE DATABASE {Name} OWNER {OwnerRole}", cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Superuser);
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            return false;
        }
    }

    private string Superuser
    {
        get
        {
            var builder = For("postgres", secrets.PostgresPassword, "postgres");
            builder.Pooling = false;
            return builder.ConnectionString;
        }
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

    private NpgsqlConnectionStringBuilder For(string user, string password, string database) => new()
    {
        Host = socketDirectory,
        Port = 5432,
        Username = user,
        Password = password,
        Database = database,
        Timeout = 5,
        CommandTimeout = 15,
        MaxPoolSize = 80,
        ApplicationName = "gatehouse",
    };
}
