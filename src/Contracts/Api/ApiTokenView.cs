namespace Gatehouse.Contracts.Api;

/// <summary>An API token of a tenant.</summary>
public sealed record ApiTokenView
{
    /// <summary>Name, unique in the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>Tenant. Server-owned.</summary>
    public string? Tenant { get; init; }

    /// <summary>Stable identity. Server-owned.</summary>
    public Guid? Id { get; init; }

    /// <summary>viewer, editor, admin or owner; never above the issuer's.</summary>
    public required string Role { get; init; }

    /// <summary>When it ends by itself; absent: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Who issued it. Server-owned.</summary>
    public string? Issuer { get; init; }

    /// <summary>Creation time. Server-owned.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The token itself: shown once, in the answer that creates it. Server-owned.</summary>
    public string? Token { get; init; }
}
