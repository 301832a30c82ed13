using System.Net.Sockets;
using Npgsql;

namespace Gatehouse.Api.Database;

/// <summary>Tells failures to reach Postgres from bugs.</summary>
internal static class DatabaseFailures
{
    /// <summary>Whether an exception means that Postgres is away, starting, stopping or too slow to answer.</summary>
    public static bool IsUnavailable(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is PostgresException postgres)
                return IsUnavailable(postgres.SqlState);
            if (inner is NpgsqlException or SocketException)
                return true;
        }
        return false;
    }

    private static bool IsUnavailable(string state) => state
        is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory
        or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction
        || state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("28", StringComparison.Ordinal)
        || state == PostgresErrorCodes.InvalidCatalogName;
}
