using Gatehouse.Api.Access;
using Gatehouse.Api.Database;
using Gatehouse.Api.Errors;
using Gatehouse.Control.Compiling;
using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gatehouse.Api.Writes;

/// <summary>Runs a unit of work: its checks and its changes in one transaction, which is rolled back on a failure and on <c>?dryRun=true</c>.</summary>
internal sealed class Writes(Transactions transactions, RequestAccess access, CompileHost compileHost)
{
    /// <summary>Two writers that create the same object, or that lock in another order: the second try sees what the first writer did.</summary>
    private const int Attempts = 4;

    /// <summary>How long an answer waits for the compiler, so that it shows the verdict on what was written; the write stands without it.</summary>
    private static readonly TimeSpan VerdictPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs the work in a tenant.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="context">Request.</param>
    /// <param name="tenantId">Tenant whose rows are seen and written.</param>
    /// <param name="work">Checks and changes; it may run again from the start.</param>
    public async Task<Result<T>> RunAsync<T>(HttpContext context, Guid tenantId, Func<WriteTransaction, CancellationToken, Task<Result<T>>> work)
    {
        return QueryFlag.TryRead(context.Request, "dryRun", out var dryRun, out var invalid)
            ? await RunAsync(context, tenantId, dryRun, work)
            : invalid;
    }

    /// <summary>Runs the work in a tenant and rolls it back.</summary>
    public Task<Result<T>> TryAsync<T>(HttpContext context, Guid tenantId, Func<WriteTransaction, CancellationToken, Task<Result<T>>> work) =>
        RunAsync(context, tenantId, dryRun: true, work);

    private async Task<Result<T>> RunAsync<T>(HttpContext context, Guid tenantId, bool dryRun, Func<WriteTransaction, CancellationToken, Task<Result<T>>> work)
    {
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
        transaction.Db.Database.SetCommandTimeout(DatabaseConnection.WritePatience);
        var result = await work(transaction, cancellationToken);
        if (result.Error is null && await transaction.CommitAsync(cancellationToken) is > 0 and var revision)
            await AwaitVerdictAsync(revision);
        return result;
    }

    private async Task AwaitVerdictAsync(long revision)
    {
        if (compileHost.DatabaseAway)
            return;
        using var patience = new CancellationTokenSource(VerdictPatience);
        try
        {
            await compileHost.WaitForRevisionAsync(revision, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The status says Unknown, and waitFor tells the rest.
        }
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
