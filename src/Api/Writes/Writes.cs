using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gatehouse.Api.Writes;

/// <summary>Runs a unit of work: its checks and its changes in one transaction, which is rolled back on a failure and on <c>?dryRun=true</c>.</summary>
internal sealed class Writes(Transactions transactions, RequestAccess access)
{
    /// <summary>Two writers that create the same object, or that lock in another order: the second try sees what the first writer did.</summary>
    private const int Attempts = 4;

    /// <summary>Runs the work in a tenant.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="context">Request.</param>
    /// <param name="tenantId">Tenant whose rows are seen and written.</param>
    /// <param name="work">Checks and changes; it may run again from the start.</param>
    public async Task<Result<T>> RunAsync<T>(HttpContext context, Guid tenantId, Func<WriteTransaction, CancellationToken, Task<Result<T>>> work)
    {
        if (!QueryFlag.TryRead(context.Request, "dryRun", out var dryRun, out var invalid))
            return invalid;
        var write = new WriteContext(access.Caller.Actor, TraceId.Of(context), dryRun);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(tenantId, write, work, context.RequestAborted);
            }
            catch (Exception exception) when (attempt < Attempts && IsRace(exception))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5 * attempt), context.RequestAborted);
            }
        }
    }

    private async Task<Result<T>> RunOnceAsync<T>(
        Guid tenantId, WriteContext write, Func<WriteTransaction, CancellationToken, Task<Result<T>>> work, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.WriteAsync(tenantId, write, cancellationToken);
        transaction.Db.ChangeTracker.Clear();
        var result = await work(transaction, cancellationToken);
        if (result.Error is null)
            await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private static bool IsRace(Exception exception) => exception switch
    {
        DbUpdateConcurrencyException => true,
        DbUpdateException { InnerException: PostgresException inner } => IsRace(inner),
        PostgresException postgres => postgres.SqlState
            is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
        _ => false,
    };
}
