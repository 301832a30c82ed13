using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Api.Access;

/// <summary>Who calls, and in which tenant: filled in before the endpoint runs.</summary>
internal sealed class RequestAccess
{
    private Caller? _caller;
    private Tenant? _tenant;
    private Tenant? _platform;

    /// <summary>Who calls.</summary>
    public Caller Caller
    {
        get => _caller ?? throw new InvalidOperationException("The endpoint lets anyone call it.");
        set => _caller = value;
    }

    /// <summary>The tenant of the path, which the caller belongs to.</summary>
    public Tenant Tenant
    {
        get => _tenant ?? throw new InvalidOperationException("The endpoint is not about a tenant.");
        set => _tenant = value;
    }

    /// <summary>The tenant of the path; null: it does not exist (yet).</summary>
    public Tenant? TenantOrNull => _tenant;

    /// <summary>The tenant <c>platform</c>; set where the caller is a platform admin.</summary>
    public Tenant Platform
    {
        get => _platform ?? throw new InvalidOperationException("The endpoint is not for platform admins alone.");
        set => _platform = value;
    }

    /// <summary>The caller's role in the tenant.</summary>
    public string Role => Caller.RoleIn(Tenant) ?? throw new InvalidOperationException("The caller does not belong to the tenant.");

    /// <summary>Whether the caller's role in the tenant is at least this one.</summary>
    public bool HasRole(string role) => Persistence.Identity.Role.Rank(Role) >= Persistence.Identity.Role.Rank(role);
}
