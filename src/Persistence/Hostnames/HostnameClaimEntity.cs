using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Persistence.Hostnames;

/// <summary>A tenant's claim in the ledger. Written by <see cref="HostnameLedger"/> alone: the runtime's role may read and delete its tenant's claims, not write them.</summary>
public sealed class HostnameClaimEntity : ITenantOwned
{
    /// <summary>Kind in revision changes.</summary>
    public const string Kind = "HostnameClaim";

    /// <summary>Kind in revision changes of the end of a quarantine.</summary>
    public const string QuarantineKind = "HostnameQuarantine";

    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Version 7 UUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>Exact or wildcard name, lower case; unique in the tenant.</summary>
    public required string Hostname { get; init; }

    /// <summary>How it stands.</summary>
    public required ClaimState State { get; init; }

    /// <summary>Creation.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was verified.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>How it was verified; null: it was not.</summary>
    public ClaimProof? Proof { get; init; }
}
