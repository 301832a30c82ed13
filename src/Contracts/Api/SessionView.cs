namespace Gatehouse.Contracts.Api;

/// <summary>Sign-in with a password.</summary>
/// <param name="Email">Email address.</param>
/// <param name="Password">Password.</param>
public sealed record LoginRequest(string Email, string Password);

/// <summary>A session: its token is sent as Bearer.</summary>
/// <param name="Token">Opaque session token.</param>
/// <param name="ExpiresAt">End of the session.</param>
public sealed record SessionView(string Token, DateTimeOffset ExpiresAt);

/// <summary>Who a token or session stands for.</summary>
public sealed record Me
{
    /// <summary>user, token or bootstrap.</summary>
    public required string Kind { get; init; }

    /// <summary>Email address or token name.</summary>
    public required string Name { get; init; }

    /// <summary>User id; absent for tokens.</summary>
    public Guid? Id { get; init; }

    /// <summary>Name for people; absent for tokens.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether all tenants and the platform's objects are in reach.</summary>
    public required bool PlatformAdmin { get; init; }

    /// <summary>Memberships; platform admins reach the other tenants too.</summary>
    public required IReadOnlyList<TenantRole> Tenants { get; init; }
}

/// <summary>A role in a tenant.</summary>
/// <param name="Tenant">Tenant name.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Role">viewer, editor, admin or owner.</param>
public sealed record TenantRole(string Tenant, string? DisplayName, string Role);
