using Gatehouse.Api.Clusters;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.PrivateKeys;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Certificates;

/// <summary>Wraps the data keys of one tenant's private keys and kubeconfigs with the active KEK, some at a time. The secrets themselves are not decrypted.</summary>
internal sealed class TenantKeyRotation(Transactions transactions, CredentialRotation credentials)
{
    private const int BatchSize = 100;

    /// <summary>Brings under the active KEK what can be read, and returns how many that were.</summary>
    public async Task<int> RunAsync(Guid tenantId, KeyRing ring, CancellationToken cancellationToken) =>
        await RunKeysAsync(tenantId, ring, cancellationToken) + await credentials.RunAsync(tenantId, ring, cancellationToken);

    private async Task<int> RunKeysAsync(Guid tenantId, KeyRing ring, CancellationToken cancellationToken)
    {
        var done = 0;
        var last = Guid.Empty;
        while (true)
        {
            await using var transaction = await transactions.WriteAsync(tenantId, new WriteContext(Actor.System, "key-rotation"), cancellationToken);
            var rows = await BatchAsync(transaction.Db, ring.ActiveId, last, cancellationToken);
            if (rows.Count == 0)
                return done;
            foreach (var row in rows)
            {
                if (await RewrapAsync(transaction.Db, tenantId, ring, row, cancellationToken))
                    done++;
            }
            await transaction.CommitAsync(cancellationToken);
            last = rows[^1].CertificateId;
        }
    }

    private static Task<List<WrappedRow>> BatchAsync(GatehouseDbContext db, string activeId, Guid after, CancellationToken cancellationToken) =>
        (from key in db.PrivateKeys
         join certificate in db.Resources on key.CertificateId equals certificate.Id
         where key.KekId != activeId && key.CertificateId > after
         orderby key.CertificateId
         select new WrappedRow(key.CertificateId, certificate.Name, key.Version, key.KeyFingerprint, key.KekId, key.WrappedKey)).Take(BatchSize).ToListAsync(cancellationToken);

    private static async Task<bool> RewrapAsync(GatehouseDbContext db, Guid tenantId, KeyRing ring, WrappedRow row, CancellationToken cancellationToken)
    {
        byte[] wrapped;
        try
        {
            wrapped = KeyEnvelope.Rewrap(ring, new KeyIdentity(tenantId, row.Name, row.Version, row.KeyFingerprint), row.KekId, row.WrappedKey);
        }
        catch (UnreadableKeyException)
        {
            return false; // The check has told; one such row holds up no other.
        }

        // Only what was read is replaced: a key that is written meanwhile, or rotated by another process, stays.
        return await db.PrivateKeys
            .Where(key => key.CertificateId == row.CertificateId && key.Version == row.Version && key.WrappedKey == row.WrappedKey)
            .ExecuteUpdateAsync(
                key => key.SetProperty(column => column.KekId, ring.ActiveId).SetProperty(column => column.WrappedKey, wrapped), cancellationToken) == 1;
    }

    private sealed record WrappedRow(Guid CertificateId, string Name, long Version, string KeyFingerprint, string KekId, byte[] WrappedKey);
}
