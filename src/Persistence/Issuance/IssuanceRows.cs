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
    /// <summary>State of a Hostname that shows a certificate which another one has in hand.</summary>
    private const string Shared = "Shared";

    private const string Managed = ".managed";

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
        ArgumentNullException.ThrowIfNull(hostname);
        // Who shares a certificate asks for whom has it in hand: its end is noted with both.
        var end = await transaction.Db.CertificateIssuances.Where(issuance => issuance.Hostname == hostname && issuance.State == Shared).Select(issuance => issuance.NotAfter).FirstOrDefaultAsync(cancellationToken);
        var parent = hostname[(hostname.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return await transaction.Db.CertificateIssuances
            .Where(issuance => issuance.Hostname == hostname || (end != null && issuance.NotAfter == end && issuance.State != Shared && issuance.Hostname.EndsWith("." + parent)))
            .ExecuteUpdateAsync(
                issuance => issuance
                    .SetProperty(row => row.DueAt, transaction.Now)
                    .SetProperty(row => row.RenewAt, row => row.RenewAt == null ? null : transaction.Now)
                    .SetProperty(row => row.RenewBecause, row => row.RenewAt == null ? null : "Asked")
                    .SetProperty(row => row.Failures, 0)
                    .SetProperty(row => row.State, row => row.State == "Stopped" || row.State == "Retrying" ? "Waiting" : row.State),
                cancellationToken) > 0;
    }

    /// <summary>
    /// A Hostname needs no managed certificate any more: its own goes. One that it shares stays as long as others show it; if this one had it in
    /// hand, they are looked at again, and one of them takes it over.
    /// </summary>
    /// <param name="transaction">Where it happens.</param>
    /// <param name="hostname">Its name.</param>
    /// <param name="wildcard">The wildcard whose certificate it may share; null: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task EndAsync(WriteTransaction transaction, string hostname, string? wildcard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var row = await transaction.Db.CertificateIssuances.Where(issuance => issuance.Hostname == hostname).Select(issuance => new { issuance.State, issuance.NotAfter }).FirstOrDefaultAsync(cancellationToken);
        if (hostname != wildcard && await LockManagedAsync(transaction, hostname, cancellationToken) is { } own)
        {
            transaction.Db.Resources.Remove(own);
            return;
        }
        // Locked, so that of two last ones that go at once the second sees that the first is gone.
        if (wildcard is null || row?.NotAfter is not { } end || await LockManagedAsync(transaction, wildcard, cancellationToken) is not { } shared)
            return;
        var suffix = wildcard[1..];
        var others = await transaction.Db.CertificateIssuances.AnyAsync(
            issuance => issuance.Hostname != hostname && issuance.Hostname.EndsWith(suffix) && (issuance.State == Shared || issuance.NotAfter == end), cancellationToken);
        if (!others)
            transaction.Db.Resources.Remove(shared);
        else if (row.State != Shared)
            await WakeAsync(transaction, [wildcard], cancellationToken);
    }

    /// <summary>The managed certificate of a name, locked; null: there is none.</summary>
    /// <param name="transaction">Where it happens.</param>
    /// <param name="subject">The name that it is for: a Hostname's, or a wildcard that several share.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ResourceEntity?> LockManagedAsync(WriteTransaction transaction, string subject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var certificate = await transaction.Db.LockAsync(ResourceKind.Certificate, CertificateNameOf(subject), cancellationToken);
        return certificate is not null && IsManagedFor(certificate, subject) ? certificate : null;
    }

    /// <summary>Whether a Certificate is the one that was issued for a Hostname.</summary>
    public static bool IsManagedFor(ResourceEntity certificate, string hostname)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var spec = JsonDocument.Parse(certificate.Spec);
        return ((CertificateSpec)SpecJson.Read(ResourceKind.Certificate, spec.RootElement)).ManagedFor == hostname;
    }

    /// <summary>Whether a Certificate has the name of one that is issued here.</summary>
    public static bool IsManagedName(string certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.EndsWith(Managed, StringComparison.Ordinal);
    }

    /// <summary>Name of the Certificate that is issued for a Hostname.</summary>
    public static string CertificateNameOf(string hostname)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        var name = hostname.StartsWith("*.", StringComparison.Ordinal) ? $"any.{hostname[2..]}{Managed}" : $"{hostname}{Managed}";
        return name.Length <= MaxName ? name : $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(hostname)))}{Managed}";
    }
}
