using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Import;

/// <summary>What is stored of the objects that an import is about, read at once and not tracked.</summary>
internal static class ImportedRows
{
    /// <summary>Tenants in which a platform admin's source owns objects.</summary>
    public static async Task<IReadOnlyList<(Guid Id, string Name)>> TenantsOfAsync(GatehouseDbContext db, ImportOwner owner, CancellationToken cancellationToken)
    {
        // Row-level security shows the source's objects of all tenants for this one question (docs/decisions/0006).
        await db.Database.ExecuteSqlAsync($"SELECT set_config('app.import_source', {owner.Source}, true)", cancellationToken);
        var ids = await db.Database
            .SqlQuery<Guid>($"SELECT DISTINCT tenant_id AS \"Value\" FROM resources WHERE managed_source = {owner.Source} AND managed_scope = {owner.Scope}")
            .ToListAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT set_config('app.import_source', '', true)", cancellationToken);
        var tenants = await db.Tenants.AsNoTracking().Where(tenant => ids.Contains(tenant.Id)).Select(tenant => new { tenant.Id, tenant.Name }).ToListAsync(cancellationToken);
        return [.. tenants.Select(static tenant => (tenant.Id, tenant.Name))];
    }

    /// <summary>The present tenant's objects that the source owns.</summary>
    public static Task<List<ResourceEntity>> OwnedAsync(WriteTransaction transaction, ImportOwner owner, CancellationToken cancellationToken) =>
        transaction.Db.Resources
            .FromSql($"SELECT *, xmin FROM resources WHERE tenant_id = {transaction.TenantId} AND managed_scope = {owner.Scope} AND managed_source = {owner.Source}")
            .AsNoTracking().ToListAsync(cancellationToken);

    /// <summary>The present tenant's objects of these kinds and names.</summary>
    public static async Task<IReadOnlyList<ResourceEntity>> NamedAsync(
        WriteTransaction transaction, IReadOnlyCollection<(string Kind, string Name)> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
            return [];
        var (kinds, names) = (keys.Select(static key => key.Kind).ToArray(), keys.Select(static key => key.Name).ToArray());
        return await transaction.Db.Resources
            .FromSql($"""
                SELECT resources.*, resources.xmin FROM unnest({kinds}, {names}) AS wanted (kind, name)
                JOIN resources ON resources.tenant_id = {transaction.TenantId} AND resources.kind = wanted.kind AND resources.name = wanted.name
                """)
            .AsNoTracking().ToListAsync(cancellationToken);
    }
}
