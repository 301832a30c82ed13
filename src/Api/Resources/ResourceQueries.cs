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
