using Gatehouse.Api.Errors;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Access;

/// <summary>
/// Decides before an endpoint runs, and before anything of the request is parsed, whether the caller may call it: 401 without a working token,
/// 404 for a tenant that is missing or not the caller's, 403 for a role that is too low.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, RequestAccess access, Authenticator authenticator, GatehouseDbContext db)
    {
        var requirement = context.GetEndpoint()?.Metadata.GetMetadata<AccessRequirement>();
        var error = requirement is null or { Scope: AccessScope.Anyone }
            ? null
            : await DecideAsync(context, requirement, access, authenticator, db);
        if (error is null)
            await next(context);
        else
            await error.ToProblem().ExecuteAsync(context);
    }

    private static async Task<Error?> DecideAsync(
        HttpContext context, AccessRequirement requirement, RequestAccess access, Authenticator authenticator, GatehouseDbContext db)
    {
        var cancellationToken = context.RequestAborted;
        if (Authenticator.TokenOf(context.Request) is not { } token
            || await authenticator.AuthenticateAsync(token, cancellationToken) is not { } caller)
        {
            return new UnauthenticatedError();
        }
        access.Caller = caller;
        if (caller.PlatformAdmin && (requirement.PlatformAdmin || requirement.TenantMayBeMissing))
        {
            if (await FindTenantAsync(db, ResourceKind.PlatformTenant, cancellationToken) is not { } platform)
                return StartingError.Instance;
            access.Platform = platform;
        }
        return requirement.Scope switch
        {
            AccessScope.Platform => EnterPlatform(access),
            AccessScope.Tenant => await EnterTenantAsync(context, requirement, access, db, cancellationToken),
            _ => null,
        };
    }

    private static ForbiddenError? EnterPlatform(RequestAccess access)
    {
        if (!access.Caller.PlatformAdmin)
            return new ForbiddenError("a platform admin");
        access.Tenant = access.Platform;
        return null;
    }

    private static async Task<Error?> EnterTenantAsync(
        HttpContext context, AccessRequirement requirement, RequestAccess access, GatehouseDbContext db, CancellationToken cancellationToken)
    {
        var name = context.GetRouteValue("tenant") as string ?? "";
        var caller = access.Caller;
        var tenant = caller.Memberships.FirstOrDefault(membership => membership.Tenant.Name == name)?.Tenant;
        if (tenant is null && caller.PlatformAdmin)
            tenant = await FindTenantAsync(db, name, cancellationToken);
        if (tenant is null)
            return caller.PlatformAdmin && requirement.TenantMayBeMissing ? null : new NotFoundError();
        access.Tenant = tenant;
        if (requirement.PlatformAdmin && !caller.PlatformAdmin)
            return new ForbiddenError("a platform admin");
        return Role.Rank(access.Role) >= Role.Rank(requirement.Role) ? null : new ForbiddenError($"the role {requirement.Role} in the tenant");
    }

    private static Task<Tenant?> FindTenantAsync(GatehouseDbContext db, string name, CancellationToken cancellationToken) =>
        db.Tenants.AsNoTracking().FirstOrDefaultAsync(tenant => tenant.Name == name, cancellationToken);
}
