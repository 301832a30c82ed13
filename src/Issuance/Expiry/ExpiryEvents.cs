using System.Globalization;
using System.Text.Json;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Issuance.Expiry;

/// <summary>Leaves one audit event for each certificate and threshold that it passes, whatever the number of processes and of their starts.</summary>
internal sealed class ExpiryEvents(IssuanceDatabase database, IServiceScopeFactory scopes)
{
    private static readonly WriteContext Context = new(Actor.System, "certificate-expiry");

    private readonly HashSet<(ResourceKey Key, string Fingerprint, TimeSpan Threshold)> _told = [];

    /// <summary>Tells of what was not told yet.</summary>
    public async Task TellAsync(ResourceKey key, CertificateDetails certificate, CertificateExpiry expiry, CancellationToken cancellationToken)
    {
        if (_told.Contains((key, certificate.Fingerprint, expiry.Threshold)))
            return;
        if (await TenantAsync(key.Tenant, cancellationToken) is { } tenantId)
            await WriteAsync(tenantId, key, certificate, expiry, cancellationToken);
        _told.Add((key, certificate.Fingerprint, expiry.Threshold));
    }

    /// <summary>Forgets certificates that are not there any more.</summary>
    public void Keep(IReadOnlySet<ResourceKey> keys) => _told.RemoveWhere(told => !keys.Contains(told.Key));

    private async Task WriteAsync(Guid tenantId, ResourceKey key, CertificateDetails certificate, CertificateExpiry expiry, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<Transactions>().WriteAsync(tenantId, Context, cancellationToken);
        // One process at a time looks and writes: the other one finds what this one wrote.
        await transaction.Db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('gatehouse_expiry'))", cancellationToken);
        var threshold = expiry.IsExpired ? "expired" : Text(expiry.Threshold);
        var known = await transaction.Db.Database.SqlQuery<int>(
            $"""
            SELECT count(*)::int AS "Value" FROM audit_events
            WHERE tenant_id = {tenantId} AND object_kind = {ResourceKind.Certificate} AND object_name = {key.Name} AND verb = {AuditVerb.ExpiresSoon}
              AND "after" ->> 'fingerprint' = {certificate.Fingerprint} AND "after" ->> 'threshold' = {threshold}
            """).SingleAsync(cancellationToken);
        if (known > 0)
            return;
        var after = JsonSerializer.Serialize(new { fingerprint = certificate.Fingerprint, threshold, notAfter = certificate.NotAfter, managedFor = certificate.ManagedFor });
        transaction.Record(new AuditRecord(AuditVerb.ExpiresSoon, ResourceKind.Certificate, key.Name, null, after));
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Text(TimeSpan threshold) => threshold.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)threshold.TotalDays}d")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)threshold.TotalMinutes}m");

    private async Task<Guid?> TenantAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("SELECT id FROM tenants WHERE name = @name");
        command.Parameters.AddWithValue("name", name);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }
}
