using System.Text.Json;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Revisions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gatehouse.Persistence;

/// <summary>
/// One unit of work: rows, their audit events and the revision are committed together or not at all. Audit events come from
/// the tracked changes by themselves; <see cref="Record"/> adds those of actions. Disposing without a commit rolls back.
/// </summary>
public sealed class WriteTransaction : IAsyncDisposable
{
    private readonly IDbContextTransaction _transaction;
    private readonly WriteContext _context;
    private readonly RevisionSignal _signal;
    private readonly TimeProvider _clock;
    private readonly List<AuditEvent> _events = [];

    internal WriteTransaction(GatehouseDbContext db, IDbContextTransaction transaction, WriteContext context, RevisionSignal signal, TimeProvider clock)
    {
        Db = db;
        _transaction = transaction;
        _context = context;
        _signal = signal;
        _clock = clock;
        // Postgres keeps microseconds: what is answered is what will be read back.
        Now = new DateTimeOffset(clock.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        db.Writing = this;
    }

    /// <summary>The context.</summary>
    public GatehouseDbContext Db { get; }

    /// <summary>The tenant whose rows are seen and written.</summary>
    public Guid TenantId => Db.TenantId ?? throw new InvalidOperationException("The transaction has ended.");

    /// <summary>The time that all rows of this transaction carry.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Whether the transaction will be rolled back.</summary>
    public bool DryRun => _context.DryRun;

    /// <summary>Saves what was done and goes on in another tenant; for platform admins' imports and approvals.</summary>
    public async Task SwitchTenantAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await Db.SaveChangesAsync(cancellationToken);
        await ScopedTransaction.SetAsync(Db, ScopedTransaction.Tenant, tenantId.ToString(), cancellationToken);
        Db.TenantId = tenantId;
    }

    /// <summary>Leaves an audit event in the present tenant for what no tracked entity shows, for example an approval.</summary>
    public void Record(AuditRecord record) => Append(TenantId, record);

    /// <summary>
    /// Saves and commits; the revision is assigned under a lock as the last statement, so revisions are in commit order.
    /// Returns its number; 0 in a dry run (rolled back) and where nothing happened.
    /// </summary>
    public async Task<long> CommitAsync(CancellationToken cancellationToken = default)
    {
        await Db.SaveChangesAsync(cancellationToken);
        if (DryRun)
            return 0;
        var revision = _events.Count == 0 ? 0 : await AssignRevisionAsync(cancellationToken);

        // From here on the outcome must not depend on whether the client still waits.
        await _transaction.CommitAsync(CancellationToken.None);
        if (revision > 0)
            _signal.Publish(revision);
        return revision;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Db.Writing = null;
        Db.TenantId = null;
        await _transaction.DisposeAsync();
    }

    internal void Append(Guid tenantId, AuditRecord record)
    {
        var audit = new AuditEvent
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(_clock.GetUtcNow()),
            OccurredAt = Now,
            ActorKind = _context.Actor.Kind,
            ActorId = _context.Actor.Id,
            ActorName = _context.Actor.Name,
            Verb = record.Verb,
            ObjectKind = record.Kind,
            ObjectName = record.Name,
            Before = record.Before,
            After = record.After,
            RequestId = _context.RequestId,
        };
        Db.AuditEvents.Add(audit);
        _events.Add(audit);
    }

    private async Task<long> AssignRevisionAsync(CancellationToken cancellationToken)
    {
        var changes = JsonSerializer.Serialize(_events.Select(audit => new
        {
            tenant = audit.TenantId,
            audit = audit.Id,
            kind = audit.ObjectKind,
            name = audit.ObjectName,
            verb = audit.Verb,
        }));
        var numbers = await Db.Database
            .SqlQuery<long>($"SELECT append_revision({Now}, {_context.RequestId}, {changes}::jsonb) AS \"Value\"")
            .ToListAsync(cancellationToken);
        return numbers[0];
    }
}
