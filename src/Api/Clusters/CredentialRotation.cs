using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.PrivateKeys;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Clusters;

/// <summary>Wraps the data keys of kubeconfigs with the active KEK. There are as many as clusters, so they are done at once.</summary>
internal sealed class CredentialRotation(Transactions transactions)
{
    /// <summary>Brings under the active KEK what can be read, and returns how many that were.</summary>
    public async Task<int> RunAsync(Guid tenantId, KeyRing ring, CancellationToken cancellationToken)
    {
        await using var transaction = await transactions.WriteAsync(tenantId, new WriteContext(Actor.System, "key-rotation"), cancellationToken);
        var db = transaction.Db;
        var rows = await (from credential in db.ClusterCredentials
                          join cluster in db.Resources on credential.ClusterId equals cluster.Id
                          where credential.KekId != ring.ActiveId
                          select new { cluster.Id, cluster.Name, credential.Version, credential.KekId, credential.WrappedKey }).ToListAsync(cancellationToken);
        var done = 0;
        foreach (var row in rows)
        {
            byte[] wrapped;
            try
            {
                wrapped = KeyEnvelope.Rewrap(ring, new CredentialIdentity(row.Id, row.Name, row.Version), row.KekId, row.WrappedKey);
            }
            catch (UnreadableKeyException)
            {
                continue; // The check has told.
            }

            // Only what was read is replaced: a kubeconfig that is written meanwhile, or rotated by another process, stays.
            done += await db.ClusterCredentials
                .Where(credential => credential.ClusterId == row.Id && credential.Version == row.Version && credential.WrappedKey == row.WrappedKey)
                .ExecuteUpdateAsync(
                    credential => credential.SetProperty(column => column.KekId, ring.ActiveId).SetProperty(column => column.WrappedKey, wrapped), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return done;
    }
}
