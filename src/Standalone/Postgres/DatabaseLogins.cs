using Gatehouse.Migrations;
using Gatehouse.Standalone.Instance;
using Npgsql;

namespace Gatehouse.Standalone.Postgres;

/// <summary>Connection strings of one database, one for each role.</summary>
/// <param name="Owner">Owns the schema.</param>
/// <param name="App">What the API uses.</param>
/// <param name="Compiler">What compiles and sync use.</param>
internal sealed record DatabaseLogins(string Owner, string App, string Compiler)
{
    /// <summary>The logins beside an owner's connection string: the same place, other roles.</summary>
    public static DatabaseLogins Beside(string owner, Secrets secrets)
    {
        return new DatabaseLogins(owner, As(DatabaseRoles.App, secrets.AppPassword), As(DatabaseRoles.Compiler, secrets.CompilerPassword));

        string As(string user, string password) => new NpgsqlConnectionStringBuilder(owner) { Username = user, Password = password }.ConnectionString;
    }

    /// <summary>Reads what the user gave with --database.</summary>
    public static DatabaseLogins Parse(string owner, Secrets secrets)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(owner);
            if (string.IsNullOrEmpty(builder.Host))
                throw new StartupFailure("--database names no host: give a connection string such as 'Host=db.example.com;Database=gatehouse;Username=gatehouse;Password=…'.");
            return Beside(builder.ConnectionString, secrets);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The text may hold a password, so it is not repeated.
            throw new StartupFailure("--database is not a connection string such as 'Host=db.example.com;Database=gatehouse;Username=gatehouse;Password=…'.", e);
        }
    }

    public override string ToString() => nameof(DatabaseLogins);
}
