namespace Gatehouse.Contracts.Api;

/// <summary>A tenant: a team, and a Gateway API namespace.</summary>
public sealed record TenantView
{
    /// <summary>DNS label, at most 63 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people; at most 128 characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Stable identity. Server-owned.</summary>
    public Guid? Id { get; init; }

    /// <summary>Labels that <c>allowedRoutes</c> selectors ask for; only platform admins set them.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Grows when the display name changes; starts at 1. Server-owned.</summary>
    public long? Generation { get; init; }

    /// <summary>Creation time. Server-owned.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Time of the last change. Server-owned.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
