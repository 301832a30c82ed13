using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Gatehouse.Persistence.Audit;

/// <summary>Turns what a context is about to save into audit events, so that no endpoint can forget them.</summary>
internal static class AuditTrail
{
    /// <summary>Adds the audit events of the tracked changes to the context and to its open transaction.</summary>
    /// <exception cref="InvalidOperationException">An audited object changed outside a <see cref="WriteTransaction"/>.</exception>
    public static void Append(GatehouseDbContext db)
    {
        foreach (var entry in db.ChangeTracker.Entries<IAudited>().ToList())
        {
            if (Describe(entry) is not { } record)
                continue;
            var transaction = db.Writing
                ?? throw new InvalidOperationException($"{record.Kind} '{record.Name}' was changed outside a write transaction.");
            transaction.Append((entry.Entity as ITenantOwned)?.TenantId ?? transaction.TenantId, record);
        }
    }

    private static AuditRecord? Describe(EntityEntry<IAudited> entry)
    {
        var (kind, name) = entry.Entity.AuditKey;
        switch (entry.State)
        {
            case EntityState.Added:
                return new AuditRecord(AuditVerb.Create, kind, name, null, AuditJson.Text(entry.Entity.AuditView()));
            case EntityState.Deleted:
                return new AuditRecord(AuditVerb.Delete, kind, name, Original(entry), null);
            case EntityState.Modified:
                var before = Original(entry);
                var after = AuditJson.Text(entry.Entity.AuditView());
                return before == after ? null : new AuditRecord(AuditVerb.Update, kind, name, before, after);
            default:
                return null;
        }
    }

    private static string? Original(EntityEntry entry) =>
        AuditJson.Text(((IAudited)entry.OriginalValues.ToObject()).AuditView());
}

/// <summary>What an audit event says of an object.</summary>
/// <param name="Verb">One of <see cref="AuditVerb"/>, or the name of an action.</param>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Name">Name of the object.</param>
/// <param name="Before">JSON object before; null: there was none.</param>
/// <param name="After">JSON object after; null: there is none.</param>
public sealed record AuditRecord(string Verb, string Kind, string Name, string? Before, string? After);
