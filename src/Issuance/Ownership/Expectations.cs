using Gatehouse.Persistence.Hostnames;

namespace Gatehouse.Issuance.Ownership;

/// <summary>What DNS is expected to say for a tenant's name.</summary>
internal sealed class Expectations(IssuanceOptions options)
{
    /// <summary>Name of the CNAME target that is the tenant's alone; null: the platform has none.</summary>
    public string? CnameTargetOf(Guid proofKey) => options.TenantEdgeZone is { } zone ? $"{HostnameProofs.CnameLabel(proofKey)}.{zone}" : null;

    /// <summary>Name in the platform's zone that the name's <c>_acme-challenge</c> leads to; null: the platform has none.</summary>
    public string? AcmeTargetOf(Guid proofKey, string hostname) =>
        options.ChallengeZone is { } zone ? $"{HostnameProofs.AcmeLabelOf(proofKey, hostname)}.{zone.Zone}" : null;

    /// <summary>What is expected.</summary>
    /// <param name="proofKey">The tenant's.</param>
    /// <param name="claimId">Id of the claim.</param>
    /// <param name="hostname">The claimed name.</param>
    /// <param name="byDns">Whether the certificate is to be had by DNS-01.</param>
    /// <param name="authorities">What CAA records may name; empty: they are not looked at.</param>
    public HostnameExpectation Of(Guid proofKey, Guid claimId, string hostname, bool byDns, IReadOnlyList<string> authorities) =>
        new(hostname, new ExpectedRecord(HostnameProofs.ClaimRecord(hostname), HostnameProofs.ClaimValue(proofKey, claimId, hostname)))
        {
            DomainRecords = [.. HostnameProofs.ZonesOf(hostname).Select(zone => new DomainProof(zone, $"{HostnameProofs.DomainLabel}.{zone}", HostnameProofs.DomainValue(proofKey, zone)))],
            CnameTarget = CnameTargetOf(proofKey),
            EdgeAddresses = options.EdgeAddresses,
            EdgeName = options.EdgeName,
            CertificateAuthorities = authorities,
            AcmeRecord = AcmeTargetOf(proofKey, hostname) is { } target ? new ExpectedRecord($"{HostnameProofs.AcmeLabel}.{HostnameProofs.BaseOf(hostname)}", target) : null,
            NeedsDns01 = byDns,
        };
}
