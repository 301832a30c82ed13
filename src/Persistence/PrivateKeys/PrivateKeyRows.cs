using Gatehouse.Persistence.Resources;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence.PrivateKeys;

/// <summary>Stores private keys, encrypted, in the transaction that writes their certificate.</summary>
public static class PrivateKeyRows
{
    /// <summary>Version and fingerprint of the key that is stored for a certificate; null: none is.</summary>
    public static async Task<(long Version, string Fingerprint)?> FindAsync(WriteTransaction transaction, Guid certificateId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var found = await transaction.Db.PrivateKeys
            .Where(key => key.CertificateId == certificateId)
            .Select(key => new { key.Version, key.KeyFingerprint })
            .FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Version, found.KeyFingerprint);
    }

    /// <summary>Stores a key in the place of the one that is there.</summary>
    /// <param name="transaction">Where it happens.</param>
    /// <param name="certificate">The certificate's row.</param>
    /// <param name="keyFingerprint">SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal.</param>
    /// <param name="ring">KEKs.</param>
    /// <param name="pkcs8">The key.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task StoreAsync(
        WriteTransaction transaction, ResourceEntity certificate, string keyFingerprint, KeyRing ring, ReadOnlyMemory<byte> pkcs8, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(certificate);
        var stored = await FindAsync(transaction, certificate.Id, cancellationToken);
        var identity = new KeyIdentity(transaction.TenantId, certificate.Name, (stored?.Version ?? 0) + 1, keyFingerprint);
        var box = KeyEnvelope.Seal(ring, identity, pkcs8.Span);
        var now = transaction.Now;
        if (stored is null)
        {
            transaction.Db.PrivateKeys.Add(new PrivateKeyEntity
            {
                TenantId = transaction.TenantId,
                CertificateId = certificate.Id,
                Version = identity.Version,
                KeyFingerprint = identity.KeyFingerprint,
                KekId = box.KekId,
                WrappedKey = box.WrappedKey,
                Ciphertext = box.Ciphertext,
                UpdatedAt = now,
            });
            return;
        }
        await transaction.Db.PrivateKeys.Where(row => row.CertificateId == certificate.Id).ExecuteUpdateAsync(
            row => row
                .SetProperty(column => column.Version, identity.Version)
                .SetProperty(column => column.KeyFingerprint, identity.KeyFingerprint)
                .SetProperty(column => column.KekId, box.KekId)
                .SetProperty(column => column.WrappedKey, box.WrappedKey)
                .SetProperty(column => column.Ciphertext, box.Ciphertext)
                .SetProperty(column => column.UpdatedAt, now),
            cancellationToken);
    }
}
