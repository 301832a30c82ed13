namespace Gatehouse.Issuance.Leasing;

/// <summary>A Hostname that this process has in hand for a while.</summary>
internal sealed record LeasedRow
{
    public required Guid TenantId { get; init; }

    public required string Tenant { get; init; }

    /// <summary>What the values that prove the tenant's names are derived from.</summary>
    public required Guid ProofKey { get; init; }

    public required Guid HostnameId { get; init; }

    public required string Hostname { get; init; }

    /// <summary>The spec as JSON text.</summary>
    public required string Spec { get; init; }

    public required long Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
