using System.Security.Cryptography;
using System.Text;
using Gatehouse.Api.Certificates;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Clusters;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Persistence.Resources;
using Gatehouse.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Clusters;

/// <summary>Stores kubeconfigs beside their Clusters, encrypted, in the transaction that writes the Cluster.</summary>
internal sealed class ClusterWrites(KeyRingSource keys, PrivateKeyFaults faults)
{
    /// <summary>
    /// Checks that there is exactly one way to the cluster, and stores the kubeconfig. Without one the stored one stays, unless the spec names
    /// another way, which takes its place.
    /// </summary>
    public async Task<Error?> SaveAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var (transaction, cluster, spec) = (write.Transaction, write.Entity, (ClusterSpec)write.Spec);
        var hasOther = spec.InCluster == true || spec.KubeconfigFiles is not null;
        if (write.Secret is { } kubeconfig)
        {
            return hasOther
                ? ClusterErrors.SeveralWays
                : await StoreAsync(write, spec, kubeconfig, cancellationToken);
        }
        if (hasOther)
        {
            await StoredOf(transaction.Db, cluster).ExecuteDeleteAsync(cancellationToken);
            faults.ClearCluster(cluster.Name);
            return null;
        }
        return await StoredOf(transaction.Db, cluster).AnyAsync(cancellationToken) ? null : ClusterErrors.NoWay;
    }

    private async Task<Error?> StoreAsync(PendingWrite write, ClusterSpec spec, Secret kubeconfig, CancellationToken cancellationToken)
    {
        if (UploadedKubeconfig.Check(kubeconfig, spec.Context) is { } problem)
            return new InvalidError([problem]);
        if (keys.Current is not { } ring)
            return new NoKeyEncryptionKeyError();
        var (transaction, cluster) = (write.Transaction, write.Entity);
        var stored = await StoredOf(transaction.Db, cluster).Select(static row => (long?)row.Version).FirstOrDefaultAsync(cancellationToken);
        var identity = new CredentialIdentity(cluster.Id, cluster.Name, (stored ?? 0) + 1);
        await StoreAsync(transaction, cluster, identity, Seal(ring, identity, kubeconfig), cancellationToken);

        // The kubeconfig is part of what is wanted although no field shows it: workers hear of it by the generation and the revision.
        if (write.PreviousSpec is { } previous && ResourceMapping.WriteSpec(previous) == ResourceMapping.WriteSpec(spec))
            (cluster.Generation, cluster.UpdatedAt) = (cluster.Generation + 1, transaction.Now);
        faults.ClearCluster(cluster.Name);
        return null;
    }

    private static SealedKey Seal(KeyRing ring, CredentialIdentity identity, Secret kubeconfig)
    {
        var bytes = Encoding.UTF8.GetBytes(kubeconfig.Reveal());
        try
        {
            return KeyEnvelope.Seal(ring, identity, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static async Task StoreAsync(
        WriteTransaction transaction, ResourceEntity cluster, CredentialIdentity identity, SealedKey box, CancellationToken cancellationToken)
    {
        var now = transaction.Now;
        if (identity.Version == 1)
        {
            transaction.Db.ClusterCredentials.Add(new ClusterCredentialEntity
            {
                TenantId = transaction.TenantId,
                ClusterId = cluster.Id,
                Version = identity.Version,
                KekId = box.KekId,
                WrappedKey = box.WrappedKey,
                Ciphertext = box.Ciphertext,
                UpdatedAt = now,
            });
            return;
        }
        await StoredOf(transaction.Db, cluster).ExecuteUpdateAsync(
            row => row
                .SetProperty(column => column.Version, identity.Version)
                .SetProperty(column => column.KekId, box.KekId)
                .SetProperty(column => column.WrappedKey, box.WrappedKey)
                .SetProperty(column => column.Ciphertext, box.Ciphertext)
                .SetProperty(column => column.UpdatedAt, now),
            cancellationToken);
    }

    private static IQueryable<ClusterCredentialEntity> StoredOf(GatehouseDbContext db, ResourceEntity cluster) =>
        db.ClusterCredentials.Where(row => row.ClusterId == cluster.Id);
}
