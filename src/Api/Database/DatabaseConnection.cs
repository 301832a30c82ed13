using Gatehouse.ServiceDefaults;
using Npgsql;

namespace Gatehouse.Api.Database;

/// <summary>Connection strings with bounds on how long a request may hang on a Postgres that does not answer.</summary>
internal static class DatabaseConnection
{
    /// <summary>How long a write may wait for other writers.</summary>
    public static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(15);

    private const int ConnectSeconds = 2;
    private const int ReadSeconds = 5;

    /// <summary>For requests: reads are short.</summary>
    public static string ForRequests(Secret connectionString)
    {
        var builder = Connecting(connectionString);
        if (!builder.ContainsKey("Command Timeout"))
            builder.CommandTimeout = ReadSeconds;
        builder.ApplicationName ??= "gatehouse-api";
        return builder.ConnectionString;
    }

    /// <summary>For the compile host, which reads everything at its start.</summary>
    public static string ForCompiler(Secret connectionString) => Connecting(connectionString).ConnectionString;

    private static NpgsqlConnectionStringBuilder Connecting(Secret connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString.Reveal());
        builder.Timeout = builder.ContainsKey("Timeout") ? Math.Min(builder.Timeout, ConnectSeconds) : ConnectSeconds;
        return builder;
    }
}
