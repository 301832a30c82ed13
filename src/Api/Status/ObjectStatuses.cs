using Gatehouse.Api.Clusters;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Resources;
using Gatehouse.Issuance.Reading;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Api.Status;

/// <summary>A row and its status.</summary>
/// <param name="Entity">Row.</param>
/// <param name="Status">Status.</param>
internal sealed record FoundObject(ResourceEntity Entity, ObjectStatus Status);

/// <summary>Statuses of objects, and waiting for them.</summary>
internal sealed class ObjectStatuses(Transactions transactions, StatusReader reader, HostnameDetails hostnames, TimeProvider clock)
{
    /// <summary>Statuses of rows as they are now, in their order.</summary>
    /// <param name="db">Inside a transaction of the tenant.</param>
    /// <param name="entities">Rows.</param>
    /// <param name="tenant">Name of their tenant.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ObjectStatus>> OfAsync(GatehouseDbContext db, IReadOnlyList<ResourceEntity> entities, string tenant, CancellationToken cancellationToken)
    {
        var names = entities.Where(entity => entity.Kind == ResourceKind.Hostname).Select(entity => entity.Name).ToList();
        if (names.Count == 0)
            return [.. entities.Select(entity => Of(entity, tenant))];
        var details = await hostnames.ReadAsync(db, names, cancellationToken);
        return [.. entities.Select(entity => Complete(entity, Of(entity, tenant), details))];
    }

    /// <summary>Status of a row as it is now; no transaction is open.</summary>
    public async Task<ObjectStatus> OfAsync(ResourceEntity entity, Tenant tenant, CancellationToken cancellationToken)
    {
        if (entity.Kind != ResourceKind.Hostname)
            return Of(entity, tenant.Name);
        await using var transaction = await transactions.ReadAsync(tenant.Id, cancellationToken);
        return (await OfAsync(transaction.Db, [entity], tenant.Name, cancellationToken))[0];
    }

    /// <summary>Status of a row of a kind that has nothing but conditions and what follows from them.</summary>
    public ObjectStatus Of(ResourceEntity entity, string tenant) => ClusterCredentials.Show(entity, reader.Read(KeyOf(entity, tenant), entity.Generation, entity.UpdatedAt));

    /// <summary>Reads an object, and waits for a condition of it if that is asked for; no transaction is open meanwhile.</summary>
    public async Task<Result<FoundObject>> ReadAsync(Tenant tenant, string kind, string name, WaitQuery wait, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            if (await FindAsync(tenant, kind, name, cancellationToken) is not { } entity)
                return new NotFoundError();
            if (wait.Condition is not { } condition)
                return new FoundObject(entity, await OfAsync(entity, tenant, cancellationToken));
            var left = wait.Timeout - clock.GetElapsedTime(start);
            var result = await reader.WaitForAsync(
                KeyOf(entity, tenant.Name), entity.Generation, entity.UpdatedAt, condition, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            if (result.Outcome == WaitOutcome.TimedOut)
                return new WaitedInVainError(condition, result.Status.Conditions);

            // What was waited for counts only if nobody changed the object meanwhile.
            if (await FindAsync(tenant, kind, name, cancellationToken) is { } now && now.Id == entity.Id && now.Generation == entity.Generation)
                return new FoundObject(now, await CompleteAsync(now, tenant, ClusterCredentials.Show(now, result.Status), cancellationToken));
        }
    }

    private async Task<ObjectStatus> CompleteAsync(ResourceEntity entity, Tenant tenant, ObjectStatus status, CancellationToken cancellationToken)
    {
        if (entity.Kind != ResourceKind.Hostname)
            return status;
        await using var transaction = await transactions.ReadAsync(tenant.Id, cancellationToken);
        return Complete(entity, status, await hostnames.ReadAsync(transaction.Db, [entity.Name], cancellationToken));
    }

    private static ObjectStatus Complete(ResourceEntity entity, ObjectStatus status, IReadOnlyDictionary<string, HostnameDetail> details) =>
        entity.Kind == ResourceKind.Hostname && details.TryGetValue(entity.Name, out var detail) ? status with { Dns = detail.Dns, Issuance = detail.Issuance } : status;

    private static ResourceKey KeyOf(ResourceEntity entity, string tenant) => new(entity.Kind, tenant, entity.Name);

    private async Task<ResourceEntity?> FindAsync(Tenant tenant, string kind, string name, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.ReadAsync(tenant.Id, cancellationToken);
        return await transaction.Db.FindAsync(kind, name, cancellationToken);
    }
}
