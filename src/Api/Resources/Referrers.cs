using Gatehouse.Api.Access;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Resources;

/// <summary>An object that references another.</summary>
/// <param name="Reference">Its name.</param>
/// <param name="Entity">Its row; null: in another tenant, so it is never deleted along.</param>
internal sealed record Referrer(ObjectReference Reference, ResourceEntity? Entity);

/// <summary>
/// Finds what references an object. Only the object's own tenant is looked at, because what other tenants have is theirs to know: a deleted
/// Backend that they may reference shows as a condition on their routes. A class is the platform's, so its Gateways are looked for everywhere.
/// </summary>
internal sealed class Referrers(RequestAccess access)
{
    /// <summary>Where deleting the referrers along makes sense: they cannot work without the object.</summary>
    public static bool CanCascade(string kind) => kind is ResourceKind.Gateway or ResourceKind.ListenerSet or ResourceKind.Backend or ResourceKind.Hostname;

    /// <summary>All that reference an object, directly or through others that would go along.</summary>
    public async Task<IReadOnlyList<Referrer>> OfAsync(WriteTransaction transaction, ResourceEntity target, CancellationToken cancellationToken)
    {
        if (target.Kind == ResourceKind.GatewayClass)
            return await GatewaysOfClassAsync(transaction, target, cancellationToken);
        if (target.Kind == ResourceKind.Cluster)
            return await ClassesOfClusterAsync(transaction.Db, target.Name, cancellationToken);
        var found = new Dictionary<Guid, Referrer>();
        var pending = new Queue<ResourceEntity>([target]);
        while (pending.TryDequeue(out var next))
        {
            foreach (var entity in await DirectAsync(transaction.Db, access.Tenant.Name, next, cancellationToken))
            {
                if (entity.Id != target.Id && found.TryAdd(entity.Id, new Referrer(new ObjectReference(entity.Kind, access.Tenant.Name, entity.Name), entity)))
                    pending.Enqueue(entity);
            }
        }
        return [.. found.Values];
    }

    /// <summary>The database narrows by the name, wherever it stands in the spec; the references themselves decide.</summary>
    private static async Task<List<ResourceEntity>> DirectAsync(GatehouseDbContext db, string tenant, ResourceEntity target, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(target.Kind, tenant, target.Name);
        var candidates = await db.Resources
            .FromSql($"SELECT *, xmin FROM resources WHERE jsonb_path_exists(spec, '$.**.name ? (@ == $name)', jsonb_build_object('name', {target.Name}::text))")
            .ToListAsync(cancellationToken);
        return candidates.FindAll(candidate => References.Of(tenant, candidate.ReadSpec()).Contains(key));
    }

    private static async Task<IReadOnlyList<Referrer>> ClassesOfClusterAsync(GatehouseDbContext db, string cluster, CancellationToken cancellationToken)
    {
        var names = await db.Resources
            .FromSql($"SELECT *, xmin FROM resources WHERE kind = {ResourceKind.GatewayClass} AND spec -> 'target' ->> 'cluster' = {cluster}")
            .OrderBy(row => row.Name).Select(row => row.Name).ToListAsync(cancellationToken);
        return [.. names.Select(name => new Referrer(new ObjectReference(ResourceKind.GatewayClass, ResourceKind.PlatformTenant, name), null))];
    }

    private static async Task<IReadOnlyList<Referrer>> GatewaysOfClassAsync(WriteTransaction transaction, ResourceEntity target, CancellationToken cancellationToken)
    {
        var found = new List<Referrer>();
        var tenants = await transaction.Db.Tenants.AsNoTracking().OrderBy(tenant => tenant.Name).ToListAsync(cancellationToken);
        foreach (var tenant in tenants)
        {
            await transaction.SwitchTenantAsync(tenant.Id, cancellationToken);
            var names = await transaction.Db.Resources
                .FromSql($"SELECT *, xmin FROM resources WHERE kind = {ResourceKind.Gateway} AND spec ->> 'gatewayClassName' = {target.Name}")
                .Select(gateway => gateway.Name).ToListAsync(cancellationToken);
            found.AddRange(names.Select(name => new Referrer(new ObjectReference(ResourceKind.Gateway, tenant.Name, name), null)));
        }
        await transaction.SwitchTenantAsync(target.TenantId, cancellationToken);
        return found;
    }
}
