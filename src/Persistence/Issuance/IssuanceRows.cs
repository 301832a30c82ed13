using System.Text.Json;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence.Issuance;

/// <summary>Sets in motion what follows from a tenant's write: looks at DNS, and certificates.</summary>
public static class IssuanceRows
{
    /// <summary>As many characters as an object's name may have.</summary>
    private const int MaxName = 253;

    /// <summary>A Hostname is new, and saved in this transaction: its DNS and its certificate are looked at at once.</summary>
    public static void Start(WriteTransaction transaction, ResourceEntity hostname)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(hostname);
        transaction.Db.HostnameChecks.Add(new HostnameCheckEntity { TenantId = hostname.TenantId, HostnameId = hostname.Id, Hostname = hostname.Name, DueAt = transaction.Now });
        transaction.Db.CertificateIssuances.Add(new CertificateIssuanceEntity
        {
            TenantId = hostname.TenantId,
            HostnameId = hostname.Id,
            Hostname = hostname.Name,
            DueAt = transaction.Now,
            State = "Waiting",
        });
    }

    /// <summary>Certificates of these names may be needed now, or not any more: their Hostnames are looked at again at once.</summary>
    /// <param name="transaction">Where it happens.</param>
    /// <param name="names">DNS names, wildcards as <c>*.base</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WakeAsync(WriteTransaction transaction, IReadOnlyCollection<string> names, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var below = names.Where(name => name.StartsWith("*.", StringComparison.Ordinal)).Select(name => $"%{name[1..].Replace("_", "\\_", StringComparison.Ordinal)}").ToArray();
        await transaction.Db.CertificateIssuances
            .Where(issuance => (issuance.DueAt > transaction.Now || issuance.LeasedUntil != null) && (names.Contains(issuance.Hostname) || below.Any(pattern => EF.Functions.Like(issuance.Hostname, pattern))))
            .ExecuteUpdateAsync(issuance => issuance.SetProperty(row => row.DueAt, transaction.Now), cancellationToken);
    }

    /// <summary>A certificate is wanted anew, whatever the plan says, and though nothing more was to happen.</summary>
    /// <returns>Whether there is such a Hostname.</returns>
    public static async Task<bool> RenewAsync(WriteTransaction transaction, string hostname, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return await transaction.Db.CertificateIssuances.Where(issuance => issuance.Hostname == hostname).ExecuteUpdateAsync(
            issuance => issuance
                .SetProperty(row => row.DueAt, transaction.Now)
                .SetProperty(row => row.RenewAt, row => row.RenewAt == null ? null : transaction.Now)
                .SetProperty(row => row.RenewBecause, row => row.RenewAt == null ? null : "Asked")
                .SetProperty(row => row.Failures, 0)
                .SetProperty(row => row.State, row => row.State == "Stopped" || row.State == "Retrying" ? "Waiting" : row.State),
            cancellationToken) > 0;
    }

    /// <summary>Whether a Certificate is the one that was issued for a Hostname.</summary>
    public static bool IsManagedFor(ResourceEntity certificate, string hostname)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var spec = JsonDocument.Parse(certificate.Spec);
        return ((CertificateSpec)SpecJson.Read(ResourceKind.Certificate, spec.RootElement)).ManagedFor == hostname;
    }

    /// <summary>Name of the Certificate that is issued for a Hostname.</summary>
    public static string CertificateNameOf(string hostname)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        var name = hostname.StartsWith("*.", StringComparison.Ordinal) ? $"any.{hostname[2..]}.managed" : $"{hostname}.managed";
        return name.Length <= MaxName ? name : $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(hostname)))}.managed";
    }
}
