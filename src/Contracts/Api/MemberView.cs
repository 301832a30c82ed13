namespace Gatehouse.Contracts.Api;

/// <summary>A user's membership of a tenant.</summary>
public sealed record MemberView
{
    /// <summary>The user's email address.</summary>
    public required string Name { get; init; }

    /// <summary>Tenant. Server-owned.</summary>
    public string? Tenant { get; init; }

    /// <summary>The user's id. Server-owned.</summary>
    public Guid? Id { get; init; }

    /// <summary>viewer, editor, admin or owner.</summary>
    public required string Role { get; init; }

    /// <summary>Since when. Server-owned.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Last change of the role. Server-owned.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
