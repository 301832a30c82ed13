using Gatehouse.Api.Clusters;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Api.Status;

/// <summary>A row and its status.</summary>
/// <param name="Entity">Row.</param>
/// <param name="Status">Status.</param>
internal sealed record FoundObject(ResourceEntity Entity, ObjectStatus Status);

/// <summary>Statuses of objects, and waiting for them.</summary>
internal sealed class ObjectStatuses(Transactions transactions, StatusReader reader, TimeProvider clock)
{
    /// <summary>Status of a row as it is now.</summary>
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
                return new FoundObject(entity, Of(entity, tenant.Name));
            var left = wait.Timeout - clock.GetElapsedTime(start);
            var result = await reader.WaitForAsync(
                KeyOf(entity, tenant.Name), entity.Generation, entity.UpdatedAt, condition, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            if (result.Outcome == WaitOutcome.TimedOut)
                return new WaitedInVainError(condition, result.Status.Conditions);

            // What was waited for counts only if nobody changed the object meanwhile.
            if (await FindAsync(tenant, kind, name, cancellationToken) is { } now && now.Id == entity.Id && now.Generation == entity.Generation)
                return new FoundObject(now, ClusterCredentials.Show(now, result.Status));
        }
    }

    private static ResourceKey KeyOf(ResourceEntity entity, string tenant) => new(entity.Kind, tenant, entity.Name);

    private async Task<ResourceEntity?> FindAsync(Tenant tenant, string kind, string name, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.ReadAsync(tenant.Id, cancellationToken);
        return await transaction.Db.FindAsync(kind, name, cancellationToken);
    }
}
