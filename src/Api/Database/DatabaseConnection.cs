using Gatehouse.ServiceDefaults;
using Npgsql;

namespace Gatehouse.Api.Database;

/// <summary>Connection strings with bounds on how long a request may hang on Postgres.</summary>
internal static class DatabaseConnection
{
    private const int ConnectSeconds = 2;
    private const int CommandSeconds = 5;

    /// <summary>The connection string; what the operator set stays.</summary>
    public static string Bounded(Secret connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString.Reveal());
        if (!builder.ContainsKey("Timeout") || builder.Timeout > ConnectSeconds)
            builder.Timeout = ConnectSeconds;
        if (!builder.ContainsKey("Command Timeout"))
            builder.CommandTimeout = CommandSeconds;
        builder.ApplicationName ??= "gatehouse-api";
        return builder.ConnectionString;
    }
}
