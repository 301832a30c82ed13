using System.Net;

namespace Gatehouse.Issuance.Ownership;

/// <summary>A record as it should be.</summary>
/// <param name="Name">Absolute name without trailing dot.</param>
/// <param name="Value">Its whole value: of a TXT record the strings joined, of a CNAME record the target.</param>
public sealed record ExpectedRecord(string Name, string Value);

/// <summary>A TXT record that proves everything at or below a domain.</summary>
/// <param name="Zone">The domain.</param>
/// <param name="Name">Name of the record, <c>_gatehouse-domain.ZONE</c>.</param>
/// <param name="Value">Its whole value.</param>
public sealed record DomainProof(string Zone, string Name, string Value);

/// <summary>What DNS should say about a hostname.</summary>
/// <param name="Hostname">Exact name, or <c>*.</c> and its base.</param>
/// <param name="ClaimRecord">TXT record that proves the claim: <c>_gatehouse-challenge.NAME</c>, below the base of a wildcard.</param>
public sealed record HostnameExpectation(string Hostname, ExpectedRecord ClaimRecord)
{
    /// <summary>Records that prove the name through a domain above it, the nearest first; at most eight are looked at.</summary>
    public IReadOnlyList<DomainProof> DomainRecords { get; init; } = [];

    /// <summary>A name of the tenant's alone: a chain of CNAME records through it proves the name. Null: there is none.</summary>
    public string? CnameTarget { get; init; }

    /// <summary>Our addresses; empty: unknown.</summary>
    public IReadOnlyList<IPAddress> EdgeAddresses { get; init; } = [];

    /// <summary>Our name, which CNAME records should lead to; null: there is none.</summary>
    public string? EdgeName { get; init; }

    /// <summary>Names that our certificate authorities have in CAA records; empty: CAA is not looked at.</summary>
    public IReadOnlyList<string> CertificateAuthorities { get; init; } = [];

    /// <summary>How the authority will be shown control, for example <c>http-01</c> (RFC 8657); null: not looked at.</summary>
    public string? ValidationMethod { get; init; }

    /// <summary>Our account at the authority (RFC 8657); null: not looked at.</summary>
    public string? AccountUri { get; init; }

    /// <summary>CNAME record <c>_acme-challenge.BASE</c> into a zone that we update; null: there is none.</summary>
    public ExpectedRecord? AcmeRecord { get; init; }

    /// <summary>Whether certificates for the name need <see cref="AcmeRecord"/>, as wildcards do.</summary>
    public bool NeedsDns01 { get; init; }

    /// <summary>Whether the name is a wildcard.</summary>
    public bool IsWildcard => Hostname.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>The name without <c>*.</c>.</summary>
    public string Base => IsWildcard ? Hostname[2..] : Hostname;
}
