using Gatehouse.Persistence.Identity;

namespace Gatehouse.Api.Access;

/// <summary>What an endpoint is about.</summary>
internal enum AccessScope
{
    /// <summary>Anyone.</summary>
    Anyone,

    /// <summary>Anyone with a working token.</summary>
    SignedIn,

    /// <summary>The tenant of the path.</summary>
    Tenant,

    /// <summary>The platform: platform admins alone.</summary>
    Platform,
}

/// <summary>Who may call an endpoint. Every endpoint of the API carries one; the last on an endpoint counts.</summary>
/// <param name="Scope">What it is about.</param>
/// <param name="Role">Least role in the tenant.</param>
/// <param name="PlatformAdmin">Whether the role is not enough: a platform admin has to ask.</param>
/// <param name="TenantMayBeMissing">Platform admins get through with a tenant that does not exist (yet).</param>
internal sealed record AccessRequirement(AccessScope Scope, string Role = Role.Viewer, bool PlatformAdmin = false, bool TenantMayBeMissing = false);

/// <summary>Says who may call an endpoint, on the endpoint or its group.</summary>
internal static class AccessRequirements
{
    public static TBuilder AllowAnyone<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(AccessScope.Anyone));

    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(AccessScope.SignedIn));

    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, string role)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(AccessScope.Tenant, role));

    /// <summary>The path has no tenant: the endpoint works in the tenant <c>platform</c>.</summary>
    public static TBuilder RequirePlatformAdmin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(AccessScope.Platform, PlatformAdmin: true));

    /// <summary>The path has a tenant: its members get 403, everybody else 404.</summary>
    public static TBuilder RequirePlatformAdminInTenant<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(AccessScope.Tenant, PlatformAdmin: true));

    /// <summary>The role in the tenant of the path; platform admins may name one that does not exist yet.</summary>
    public static TBuilder RequireRoleOrNewTenant<TBuilder>(this TBuilder builder, string role)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(AccessScope.Tenant, role, TenantMayBeMissing: true));
}
