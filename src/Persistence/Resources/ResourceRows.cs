using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence.Resources;

/// <summary>Finds single objects of the tenant that the transaction has entered.</summary>
public static class ResourceRows
{
    /// <summary>One object, not tracked.</summary>
    public static Task<ResourceEntity?> FindAsync(this GatehouseDbContext db, string kind, string name, CancellationToken cancellationToken = default) =>
        db.Resources.AsNoTracking().FirstOrDefaultAsync(resource => resource.Kind == kind && resource.Name == name, cancellationToken);

    /// <summary>One object, tracked and locked: writers of one object wait for each other.</summary>
    public static Task<ResourceEntity?> LockAsync(this GatehouseDbContext db, string kind, string name, CancellationToken cancellationToken = default) =>
        db.Resources
            .FromSql($"SELECT *, xmin FROM resources WHERE tenant_id = {db.TenantId} AND kind = {kind} AND name = {name} FOR UPDATE")
            .FirstOrDefaultAsync(cancellationToken);
}
