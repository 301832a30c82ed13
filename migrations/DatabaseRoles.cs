using Npgsql;

namespace Gatehouse.Migrations;

/// <summary>The roles of docs/decisions/0006: separate logins, none of them superuser or BYPASSRLS, and nobody uses SET ROLE.</summary>
public static class DatabaseRoles
{
    /// <summary>Login of the API: one tenant at a time.</summary>
    public const string App = "gatehouse_app";

    /// <summary>Login of the compile host: reads what all tenants configured.</summary>
    public const string Compiler = "gatehouse_compiler";

    /// <summary>Owner of the ledger's functions; cannot log in.</summary>
    public const string Ledger = "gatehouse_ledger";

    private const string Limits = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION";

    private const int Attempts = 5;

    /// <summary>Creates missing roles and sets the passwords that are given.</summary>
    internal static async Task EnsureAsync(NpgsqlConnection owner, LoginPasswords passwords, CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(owner, cancellationToken);
        try
        {
            foreach (var statement in missing)
                await ExecuteAsync(owner, statement, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var name = new NpgsqlCommandBuilder().QuoteIdentifier(await CurrentUserAsync(owner, cancellationToken));
            throw new RolesMissingException(string.Join("; ", missing.Select(sql => sql.Replace("CURRENT_USER", name, StringComparison.Ordinal))) + ";", exception);
        }

        await SetPasswordAsync(owner, App, passwords.App, cancellationToken);
        await SetPasswordAsync(owner, Compiler, passwords.Compiler, cancellationToken);
    }

    private static async Task SetPasswordAsync(NpgsqlConnection owner, string role, string? password, CancellationToken cancellationToken)
    {
        if (password is null)
            return;
        try
        {
            // The server gets the verifier, so the password shows in no log of statements.
            await ExecuteAsync(owner, $"ALTER ROLE {role} PASSWORD '{ScramVerifier.Of(password)}'", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new PasswordNotSetException(role, exception);
        }
    }

    private static async Task<List<string>> MissingAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand("SELECT rolname FROM pg_roles WHERE rolname LIKE 'gatehouse\\_%'", owner))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                present.Add(reader.GetString(0));
        }

        var statements = new List<string>();
        if (!present.Contains(App))
            statements.Add($"CREATE ROLE {App} LOGIN {Limits}");
        if (!present.Contains(Compiler))
            statements.Add($"CREATE ROLE {Compiler} LOGIN {Limits}");
        if (!present.Contains(Ledger))
            statements.Add($"CREATE ROLE {Ledger} NOLOGIN {Limits}");

        // To hand the ledger's functions to their owner one must be a member of it.
        var member = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.rolname = '{Ledger}' AND m.member = (SELECT oid FROM pg_roles WHERE rolname = current_user))", owner);
        await using (member)
        {
            if (!(bool)(await member.ExecuteScalarAsync(cancellationToken))!)
                statements.Add($"GRANT {Ledger} TO CURRENT_USER");
        }

        return statements;
    }

    private static async Task ExecuteAsync(NpgsqlConnection owner, string statement, CancellationToken cancellationToken)
    {
        // Roles belong to the whole server: the migrator of another database may do the same at the same moment.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var command = new NpgsqlCommand(statement, owner);
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (PostgresException exception) when (IsAlreadyThere(exception))
            {
                return;
            }
            catch (PostgresException exception) when (IsConcurrentUpdate(exception) && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), cancellationToken);
            }
        }
    }

    private static bool IsAlreadyThere(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation;

    private static bool IsConcurrentUpdate(PostgresException exception) =>
        exception.SqlState == PostgresErrorCodes.InternalError && exception.MessageText.Contains("concurrently", StringComparison.Ordinal);

    private static async Task<string> CurrentUserAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT current_user", owner);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
