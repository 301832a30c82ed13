using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Clusters;

/// <summary>A Cluster is saved with its kubeconfig or not at all, and goes with what it says of tenants' Namespaces.</summary>
internal sealed class ClusterRules(ClusterWrites clusters) : IKindRules
{
    public string Kind => ResourceKind.Cluster;

    public async Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken) =>
        await CheckPrefixAsync(write, cancellationToken) ?? await clusters.SaveAsync(write, cancellationToken);

    public async Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var db = write.Transaction.Db;
        db.Resources.RemoveRange(await ClusterNamespaceQueries.Of(db, write.Entity.Name).AsTracking().ToListAsync(cancellationToken));
        return null;
    }

    /// <summary>Another prefix gives tenants other Namespaces by default, which may be assigned to others.</summary>
    private static async Task<Error?> CheckPrefixAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        if (write.PreviousSpec is not ClusterSpec before || write.Spec is not ClusterSpec { NamespacePrefix: var prefix } || before.NamespacePrefix == prefix)
            return null;
        var db = write.Transaction.Db;
        foreach (var row in await ClusterNamespaceQueries.Of(db, write.Entity.Name).ToListAsync(cancellationToken))
        {
            var (cluster, tenant) = ClusterNamespaceName.Split(row.Name);
            var assigned = ((ClusterNamespaceSpec)row.ReadSpec()).Namespace;
            if (await ClusterNamespaceQueries.DefaultOwnerAsync(db, prefix, assigned, tenant, cancellationToken) is { } other)
                return ClusterErrors.Taken(assigned, cluster, other, null) with { Referrers = [new ObjectReference(row.Kind, ResourceKind.PlatformTenant, row.Name)] };
        }
        return null;
    }
}
