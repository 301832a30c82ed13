using Gatehouse.Api.Auth;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Bootstrap;

/// <summary>
/// What a new database gets once: the tenant <c>platform</c>, the class <c>gatehouse</c>, the Gateway <c>platform/default</c> and the first
/// platform admin. What an operator changes or deletes later stays changed or deleted.
/// </summary>
internal sealed class FirstStart(Transactions transactions, GatehouseDbContext db, IPasswordHasher<User> hasher, ApiHostOptions options, AdminPasswordFile passwordFile)
{
    /// <summary>Any number that only first starts use: replicas that start together take turns.</summary>
    private const long LockKey = 0x6761746531;

    private const string ClassName = "gatehouse";
    private const string GatewayName = "default";

    /// <summary>Does what is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var existing = await db.Tenants.AsNoTracking().FirstOrDefaultAsync(tenant => tenant.Name == ResourceKind.PlatformTenant, cancellationToken);
        if (existing is not null && await db.Users.AnyAsync(cancellationToken))
            return;
        var platform = existing?.Id ?? Guid.CreateVersion7();
        await using var transaction = await transactions.WriteAsync(platform, new WriteContext(Actor.System, "first-start"), cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        var raced = await db.Tenants.FirstOrDefaultAsync(tenant => tenant.Name == ResourceKind.PlatformTenant, cancellationToken);
        if (raced is not null && raced.Id != platform)
            return;
        if (raced is null)
            AddPlatform(transaction, platform);
        if (!await db.Users.AnyAsync(cancellationToken))
            AddAdmin(transaction, platform);
        await transaction.CommitAsync(cancellationToken);
    }

    private static void AddPlatform(WriteTransaction transaction, Guid platform)
    {
        transaction.Db.Tenants.Add(new Tenant
        {
            Id = platform,
            Name = ResourceKind.PlatformTenant,
            DisplayName = "Platform",
            CreatedAt = transaction.Now,
            UpdatedAt = transaction.Now,
        });
        AddResource(transaction, ResourceKind.GatewayClass, ClassName, new GatewayClassSpec
        {
            ControllerName = ResourceKind.ControllerName,
            Description = "Served by Gatehouse's own data plane.",
        });
        AddResource(transaction, ResourceKind.Gateway, GatewayName, new GatewaySpec
        {
            GatewayClassName = ClassName,
            Listeners =
            [
                new Listener
                {
                    Name = "http",
                    Port = 80,
                    Protocol = "HTTP",
                    AllowedRoutes = new AllowedRoutes { Namespaces = new RouteNamespaces { From = "Same" } },
                },
            ],
            AllowedListeners = new AllowedListeners { Namespaces = new RouteNamespaces { From = "All" } },
        });
    }

    private static void AddResource(WriteTransaction transaction, string kind, string name, object spec) =>
        transaction.Db.Resources.Add(new ResourceEntity
        {
            TenantId = transaction.TenantId,
            Kind = kind,
            Name = name,
            Spec = ResourceMapping.WriteSpec(spec),
            CreatedAt = transaction.Now,
            UpdatedAt = transaction.Now,
        });

    private void AddAdmin(WriteTransaction transaction, Guid platform)
    {
        var password = options.AdminPassword ?? passwordFile.Create();
        if (password is null)
            return;
        var admin = new User
        {
            UserName = options.AdminEmail,
            NormalizedUserName = UserNames.Normalize(options.AdminEmail),
            Email = options.AdminEmail,
            NormalizedEmail = UserNames.Normalize(options.AdminEmail),
            DisplayName = "Admin",
            CreatedAt = transaction.Now,
        };
        admin.PasswordHash = hasher.HashPassword(admin, password.Reveal());
        transaction.Db.Users.Add(admin);
        transaction.Db.Memberships.Add(new Membership { TenantId = platform, UserId = admin.Id, Role = Role.Owner, CreatedAt = transaction.Now });
    }
}
