using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Issuance;

/// <summary>Tells in the log what went wrong beside the work itself.</summary>
internal static partial class DatabaseTrouble
{
    /// <summary>A database that is away is told elsewhere, and what was to be done is done later.</summary>
    public static void Tell(ILogger logger, Exception failure, string what)
    {
        if (failure is NpgsqlException { IsTransient: true } or TimeoutException or IOException or { InnerException: NpgsqlException { IsTransient: true } })
            Away(logger, what, failure.Message);
        else
            Failed(logger, what, failure);
    }

    [LoggerMessage(LogLevel.Debug, "The database cannot be reached for {What}: {Reason}")]
    private static partial void Away(ILogger logger, string what, string reason);

    [LoggerMessage(LogLevel.Error, "Work on {What} failed; it is taken up again.")]
    private static partial void Failed(ILogger logger, string what, Exception exception);
}
