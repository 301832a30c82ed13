using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Api.Access;

/// <summary>Whom a token speaks for.</summary>
internal sealed record Caller
{
    /// <summary>What the audit log calls the caller.</summary>
    public required Actor Actor { get; init; }

    /// <summary>The person: the signed-in user, or the issuer of the token; null for what Gatehouse itself issued.</summary>
    public User? User { get; init; }

    /// <summary>The API token that was sent; null for sessions and the bootstrap token.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>The session that was sent.</summary>
    public Session? Session { get; init; }

    /// <summary>Whether the configured admin token was sent.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>Tenants and roles.</summary>
    public IReadOnlyList<TenantMembership> Memberships { get; init; } = [];

    /// <summary>Admins and owners of the tenant <c>platform</c>.</summary>
    public bool PlatformAdmin => Bootstrap || Memberships.Any(static membership =>
        membership.Tenant.Name == ResourceKind.PlatformTenant && Role.Rank(membership.Role) >= Role.Rank(Role.Admin));

    /// <summary>The caller's role in a tenant; null: none. Platform admins own every tenant, and are what they are in <c>platform</c>.</summary>
    public string? RoleIn(Tenant tenant) => Bootstrap || (PlatformAdmin && tenant.Name != ResourceKind.PlatformTenant)
        ? Role.Owner
        : Memberships.FirstOrDefault(membership => membership.Tenant.Id == tenant.Id)?.Role;
}
