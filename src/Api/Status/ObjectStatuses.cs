using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Api.Status;

/// <summary>A row and its status.</summary>
/// <param name="Entity">Row.</param>
/// <param name="Status">Status.</param>
internal sealed record FoundObject(ResourceEntity Entity, ObjectStatus? Status);

/// <summary>Statuses of objects, and waiting for them.</summary>
internal sealed class ObjectStatuses(Transactions transactions)
{
    /// <summary>Status of a row as it is now.</summary>
    public Task<ObjectStatus?> OfAsync(ResourceEntity entity, string tenant, CancellationToken cancellationToken)
    {
        _ = transactions;
        return Task.FromResult<ObjectStatus?>(null);
    }

    /// <summary>Reads an object, and waits for a condition of it if that is asked for.</summary>
    public async Task<Result<FoundObject>> ReadAsync(Tenant tenant, string kind, string name, WaitQuery wait, CancellationToken cancellationToken)
    {
        var entity = await FindAsync(tenant, kind, name, cancellationToken);
        return entity is null ? new NotFoundError() : new FoundObject(entity, await OfAsync(entity, tenant.Name, cancellationToken));
    }

    private async Task<ResourceEntity?> FindAsync(Tenant tenant, string kind, string name, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.ReadAsync(tenant.Id, cancellationToken);
        return await transaction.Db.FindAsync(kind, name, cancellationToken);
    }
}
