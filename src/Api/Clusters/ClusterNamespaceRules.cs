using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Clusters;

/// <summary>In each cluster a Namespace is one tenant's: two tenants in one Namespace would read each other's Secrets there.</summary>
internal sealed class ClusterNamespaceRules : IKindRules
{
    public string Kind => ResourceKind.ClusterNamespace;

    public async Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var db = write.Transaction.Db;
        var (name, tenant) = ClusterNamespaceName.Split(write.Entity.Name);

        // The cluster's row is locked: two assignments of one cluster must not pass each other.
        if (await db.LockAsync(ResourceKind.Cluster, name, cancellationToken) is not { } cluster)
            return new NotFoundError();
        if (!await db.Tenants.AnyAsync(candidate => candidate.Name == tenant, cancellationToken))
            return ClusterErrors.NoTenant;
        var wanted = ((ClusterNamespaceSpec)write.Spec).Namespace;
        foreach (var row in await ClusterNamespaceQueries.Of(db, name).Where(row => row.Name != write.Entity.Name).ToListAsync(cancellationToken))
        {
            if (((ClusterNamespaceSpec)row.ReadSpec()).Namespace == wanted)
                return ClusterErrors.Taken(wanted, name, ClusterNamespaceName.Split(row.Name).Tenant, new ObjectReference(row.Kind, ResourceKind.PlatformTenant, row.Name));
        }
        var prefix = ((ClusterSpec)cluster.ReadSpec()).NamespacePrefix;
        return await ClusterNamespaceQueries.DefaultOwnerAsync(db, prefix, wanted, tenant, cancellationToken) is { } other
            ? ClusterErrors.Taken(wanted, name, other, null)
            : null;
    }

    public Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken) => Task.FromResult<Error?>(null);
}
