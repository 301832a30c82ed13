using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence.Issuance;

/// <summary>Sets in motion what follows from a tenant's write: looks at DNS, and certificates.</summary>
public static class IssuanceRows
{
    /// <summary>As many characters as an object's name may have.</summary>
    private const int MaxName = 253;

    /// <summary>A Hostname is new or changed: its DNS and its certificate are looked at at once.</summary>
    /// <param name="transaction">Where it happens; the Hostname's row is saved in it.</param>
    /// <param name="hostname">The Hostname's row.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task StartAsync(WriteTransaction transaction, ResourceEntity hostname, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(hostname);
        await transaction.Db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO hostname_checks (tenant_id, hostname_id, hostname, due_at, failures)
            VALUES ({hostname.TenantId}, {hostname.Id}, {hostname.Name}, {transaction.Now}, 0)
            ON CONFLICT (tenant_id, hostname_id) DO UPDATE SET due_at = least(hostname_checks.due_at, excluded.due_at);
            INSERT INTO certificate_issuances (tenant_id, hostname_id, hostname, due_at, state, failures, generation)
            VALUES ({hostname.TenantId}, {hostname.Id}, {hostname.Name}, {transaction.Now}, 'Waiting', 0, 0)
            ON CONFLICT (tenant_id, hostname_id) DO UPDATE SET due_at = least(certificate_issuances.due_at, excluded.due_at)
            """,
            cancellationToken);
    }

    /// <summary>Something that certificates depend on changed in a tenant (an uploaded certificate, a claim): its Hostnames are looked at again.</summary>
    /// <param name="transaction">Where it happens.</param>
    /// <param name="hostname">The one that it concerns; null: any.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WakeAsync(WriteTransaction transaction, string? hostname = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        await transaction.Db.CertificateIssuances
            .Where(issuance => issuance.DueAt > transaction.Now && (hostname == null || issuance.Hostname == hostname))
            .ExecuteUpdateAsync(issuance => issuance.SetProperty(row => row.DueAt, transaction.Now), cancellationToken);
    }

    /// <summary>Name of the Certificate that is issued for a Hostname.</summary>
    public static string CertificateNameOf(string hostname)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        var name = hostname.StartsWith("*.", StringComparison.Ordinal) ? $"any.{hostname[2..]}.managed" : $"{hostname}.managed";
        return name.Length <= MaxName ? name : $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(hostname)))}.managed";
    }
}
