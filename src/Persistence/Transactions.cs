using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Revisions;

namespace Gatehouse.Persistence;

/// <summary>Opens the transactions in which tenants' rows can be seen. Scoped like its context: one transaction at a time.</summary>
public sealed class Transactions(GatehouseDbContext db, RevisionSignal signal, TimeProvider clock)
{
    /// <summary>A transaction that sees one tenant's rows and is rolled back at its end.</summary>
    public async Task<ReadTransaction> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        var transaction = await ScopedTransaction.BeginAsync(db, ScopedTransaction.Tenant, tenantId.ToString(), cancellationToken);
        db.TenantId = tenantId;
        return new ReadTransaction(db, transaction);
    }

    /// <summary>A transaction that sees and writes one tenant's rows.</summary>
    public async Task<WriteTransaction> WriteAsync(Guid tenantId, WriteContext context, CancellationToken cancellationToken = default)
    {
        var transaction = await ScopedTransaction.BeginAsync(db, ScopedTransaction.Tenant, tenantId.ToString(), cancellationToken);
        db.TenantId = tenantId;
        return new WriteTransaction(db, transaction, context, signal, clock);
    }
}

/// <summary>Who writes, and whether it is meant.</summary>
/// <param name="Actor">Who.</param>
/// <param name="RequestId">Trace or request id for the audit event.</param>
/// <param name="DryRun">Run everything, then roll back.</param>
public sealed record WriteContext(Actor Actor, string RequestId, bool DryRun = false);
