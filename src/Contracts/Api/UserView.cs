namespace Gatehouse.Contracts.Api;

/// <summary>A person who signs in.</summary>
public sealed record UserView
{
    /// <summary>Email address.</summary>
    public required string Name { get; init; }

    /// <summary>Stable identity. Server-owned.</summary>
    public Guid? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>May manage tenants, labels, classes, gateways, data planes and users.</summary>
    public bool? PlatformAdmin { get; init; }

    /// <summary>Cannot sign in, and the user's sessions and tokens do not work.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Only in requests: 12–128 characters.</summary>
    public string? Password { get; init; }

    /// <summary>Creation time. Server-owned.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
