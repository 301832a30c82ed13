using System.Net.Sockets;
using Gatehouse.Migrations;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Postgres;
using Npgsql;

namespace Gatehouse.Standalone.Up;

/// <summary>Brings the database to this version and words what can go wrong.</summary>
internal static class Schema
{
    public static async Task MigrateAsync(DatabaseLogins logins, Secrets secrets, Action<string> say, CancellationToken cancellationToken)
    {
        try
        {
            var applied = await Migrator.MigrateAsync(logins.Owner, new LoginPasswords(secrets.AppPassword, secrets.CompilerPassword), cancellationToken).ConfigureAwait(false);
            if (applied.Count > 0)
                say($"Migrated the database ({applied.Count} {(applied.Count == 1 ? "step" : "steps")}).");
        }
        catch (MigrationException e)
        {
            throw new StartupFailure(e.Message, e);
        }
        catch (PostgresException e)
        {
            throw new StartupFailure($"the database refuses ({e.MessageText}): give --database the connection string of a login that owns an existing, empty or Gatehouse database.", e);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            var builder = new NpgsqlConnectionStringBuilder(logins.Owner);
            throw new StartupFailure($"cannot reach Postgres at {builder.Host}:{builder.Port} ({(e.InnerException ?? e).Message}): start it or correct --database.", e);
        }
    }
}
