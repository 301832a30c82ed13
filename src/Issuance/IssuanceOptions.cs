using System.Net;
using Gatehouse.Dns;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Issuance;

/// <summary>How names are proven and certificates are had.</summary>
public sealed record IssuanceOptions
{
    /// <summary>Resolvers that are asked what DNS says; empty: the machine's own.</summary>
    public IReadOnlyList<DnsServer> Resolvers { get; init; } = [];

    /// <summary>Addresses that lead to the data planes; empty: not known, so nobody is told that a name points elsewhere.</summary>
    public IReadOnlyList<IPAddress> EdgeAddresses { get; init; } = [];

    /// <summary>A name that leads to the data planes, for CNAME records; null: there is none.</summary>
    public string? EdgeName { get; init; }

    /// <summary>Zone with a name for each tenant (as a wildcard that leads to the data planes) that proves its CNAME records; null: none.</summary>
    public string? TenantEdgeZone { get; init; }

    /// <summary>Zone that Gatehouse updates and that <c>_acme-challenge</c> records lead into; null: no DNS-01.</summary>
    public ChallengeZone? ChallengeZone { get; init; }

    /// <summary>The platform's own domain: names below <c>*.{tenant}.{BaseDomain}</c> need no proof; null: there is none.</summary>
    public string? BaseDomain { get; init; }

    /// <summary>
    /// Zone with the base domain, in which Gatehouse sets <c>_acme-challenge</c> records itself; null: the challenge zone, if the base domain
    /// lies in it. With it, the names right below <c>{tenant}.{BaseDomain}</c> share a wildcard certificate.
    /// </summary>
    public ChallengeZone? BaseZone { get; init; }

    /// <summary>Certificate authorities, the first one first; empty: no certificates are managed.</summary>
    public IReadOnlyList<AuthorityOptions> Authorities { get; init; } = [];

    /// <summary>The port that the world reaches listener port 80 by, for the look whether a challenge can be reached.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>Whether a challenge is fetched from here before the authority is asked to.</summary>
    public bool SelfCheck { get; init; } = true;

    /// <summary>How often a verified name is looked at again.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long a verified name is served on whose proof is gone.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The longest time between two questions for an authority's wish when to renew (RFC 9773); the authority's own Retry-After if that is shorter.</summary>
    public TimeSpan RenewalCheck { get; init; } = TimeSpan.FromHours(6);

    /// <summary>The first pause after a failure; it doubles up to six hours.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long before its end an uploaded certificate makes place for a managed one.</summary>
    public TimeSpan UploadedMargin { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How many certificates are ordered within an hour.</summary>
    public OrderBudgetOptions Budget { get; init; } = new();

    /// <summary>Certificates that are worked on at once in this process, and of them for one tenant.</summary>
    public (int All, int PerTenant) Parallel { get; init; } = (16, 4);
}

/// <summary>
/// How many certificates are ordered within any hour at each authority. The defaults keep below what a widely used authority allows an account
/// (300 in three hours), so that its limit is never met.
/// </summary>
public sealed record OrderBudgetOptions
{
    /// <summary>For one tenant, renewals included; new names get four fifths of it.</summary>
    public int OrdersPerTenantPerHour { get; init; } = 30;

    /// <summary>For all tenants together, renewals included; new names get four fifths of it.</summary>
    public int OrdersPerHour { get; init; } = 95;
}

/// <summary>A certificate authority that speaks ACME (RFC 8555).</summary>
public sealed record AuthorityOptions
{
    /// <summary>DNS label; Hostnames choose by it.</summary>
    public required string Name { get; init; }

    /// <summary>Its directory.</summary>
    public required Uri Directory { get; init; }

    /// <summary>PEM file with the roots that its own TLS certificate is checked against; null: the machine's.</summary>
    public string? RootsFile { get; init; }

    /// <summary>Contacts of the account, for example <c>mailto:ops@example.com</c>.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>Key id of an external account; null: none is bound.</summary>
    public string? ExternalAccountKeyId { get; init; }

    /// <summary>Its HMAC key, base64url.</summary>
    public Secret? ExternalAccountKey { get; init; }

    /// <summary>Common name of the root that the chain shall end at, where the authority offers several.</summary>
    public string? PreferredRoot { get; init; }
}

/// <summary>A zone that is updated by RFC 2136.</summary>
/// <param name="Zone">Its name.</param>
/// <param name="Server">Its primary server.</param>
/// <param name="Key">The TSIG key (RFC 8945): <c>name:hmac-sha256:base64</c>.</param>
public sealed record ChallengeZone(string Zone, DnsServer Server, Secret Key);
