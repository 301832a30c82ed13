namespace Gatehouse.Portal.Api;

/// <summary>A tenant.</summary>
public sealed record ApiTenant
{
    /// <summary>Name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it.</summary>
    public string? DisplayName { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What to show as its title.</summary>
    public string Title => DisplayName is { Length: > 0 } ? DisplayName : Name;
}

/// <summary>A session that the API has opened.</summary>
/// <param name="Token">Bearer token; stays on the server.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record Login(string Token, DateTimeOffset? ExpiresAt);

/// <summary>Who is signed in.</summary>
/// <param name="User">The account.</param>
/// <param name="PlatformAdmin">Whether it runs the platform.</param>
/// <param name="Tenants">Tenants that it belongs to.</param>
public sealed record Me(MeUser User, bool PlatformAdmin, IReadOnlyList<MeTenant>? Tenants);

/// <summary>The account of a session.</summary>
/// <param name="Email">Address that signs in.</param>
/// <param name="DisplayName">What people call them.</param>
public sealed record MeUser(string? Email, string? DisplayName);

/// <summary>A tenant that the user belongs to.</summary>
/// <param name="Name">Tenant.</param>
/// <param name="Role">viewer, editor, admin or owner.</param>
public sealed record MeTenant(string Name, string? Role);
