using System.Runtime.CompilerServices;
using Gatehouse.Api.Lists;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Clusters;

/// <summary>Reads assignments of Namespaces; the transaction has entered the tenant <c>platform</c>.</summary>
internal static class ClusterNamespaceQueries
{
    /// <summary>Those of one cluster.</summary>
    public static IQueryable<ResourceEntity> Of(GatehouseDbContext db, string cluster)
    {
        var prefix = ClusterNamespaceName.Of(cluster, "");
        return db.Resources.AsNoTracking().Where(row => row.Kind == ResourceKind.ClusterNamespace && row.Name.StartsWith(prefix));
    }

    /// <summary>Those of one tenant, in all clusters.</summary>
    public static IQueryable<ResourceEntity> OfTenant(GatehouseDbContext db, string tenant)
    {
        var suffix = ClusterNamespaceName.Of("", tenant);
        return db.Resources.Where(row => row.Kind == ResourceKind.ClusterNamespace && row.Name.EndsWith(suffix));
    }

    /// <summary>A page of those of one cluster. What is searched for is part of the tenant's name.</summary>
    public static Task<ListPage<ResourceEntity>> PageAsync(GatehouseDbContext db, string cluster, ListQuery query, string list, CancellationToken cancellationToken)
    {
        var prefix = ClusterNamespaceName.Of(cluster, "");
        var parameters = new List<object> { ResourceKind.ClusterNamespace, prefix, query.Search ?? "" };
        var labels = LabelFilter.ToSql(query.Labels, parameters);
        return db.Resources
            .FromSql(FormattableStringFactory.Create(
                "SELECT *, xmin FROM resources WHERE kind = {0} AND starts_with(name, {1}) AND strpos(substr(name, length({1}) + 1), {2}) > 0 AND " + labels,
                [.. parameters]))
            .AsNoTracking()
            .PageAsync(static row => row.Name, query with { Search = null }, list, static row => row, cancellationToken);
    }

    /// <summary>The tenant whose Namespace this is as long as nothing else is assigned to it; null: none's.</summary>
    /// <param name="db">Context.</param>
    /// <param name="prefix">Prefix of the cluster's Namespaces.</param>
    /// <param name="ns">Name of the Namespace.</param>
    /// <param name="except">A tenant that does not count.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public static Task<string?> DefaultOwnerAsync(GatehouseDbContext db, string? prefix, string ns, string except, CancellationToken cancellationToken) =>
        db.Tenants.AsNoTracking().Where(tenant => (prefix ?? "") + tenant.Name == ns && tenant.Name != except).Select(static tenant => tenant.Name)
            .FirstOrDefaultAsync(cancellationToken);
}
