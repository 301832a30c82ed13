using System.Runtime.CompilerServices;
using Gatehouse.Api.Lists;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Resources;

/// <summary>Reads rows of one tenant, which the transaction has entered.</summary>
internal static class ResourceQueries
{
    /// <summary>One object, not tracked.</summary>
    public static Task<ResourceEntity?> FindAsync(this GatehouseDbContext db, string kind, string name, CancellationToken cancellationToken) =>
        db.Resources.AsNoTracking().FirstOrDefaultAsync(resource => resource.Kind == kind && resource.Name == name, cancellationToken);

    /// <summary>One object, tracked and locked: writers of one object wait for each other.</summary>
    public static Task<ResourceEntity?> LockAsync(this GatehouseDbContext db, string kind, string name, CancellationToken cancellationToken) =>
        db.Resources
            .FromSql($"SELECT *, xmin FROM resources WHERE tenant_id = {db.TenantId} AND kind = {kind} AND name = {name} FOR UPDATE")
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>A page of one kind.</summary>
    public static Task<ListPage<ResourceEntity>> PageAsync(this GatehouseDbContext db, ResourceType type, ListQuery query, CancellationToken cancellationToken)
    {
        var parameters = new List<object> { type.Kind };
        var labels = LabelFilter.ToSql(query.Labels, parameters);
        return db.Resources
            .FromSql(FormattableStringFactory.Create("SELECT *, xmin FROM resources WHERE kind = {0} AND " + labels, [.. parameters]))
            .AsNoTracking()
            .PageAsync(static resource => resource.Name, query, type.Plural, static resource => resource, cancellationToken);
    }
}
