using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Persistence.Resources;
using Gatehouse.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Certificates;

/// <summary>
/// Stores private keys beside their certificates, encrypted, in the transaction that writes the certificate. REST and import come here
/// with every Certificate that they save.
/// </summary>
internal sealed class CertificateWrites(KeyRingSource keys, PrivateKeyFaults faults)
{
    public const string CertificatePointer = "/spec/certificate";
    private const string KeyPointer = "/spec/privateKey";

    /// <summary>
    /// Checks a chain and its key and stores the key. Without a key the stored one stays if it belongs to the certificate. Nothing is
    /// stored if an error comes back. The caller adds or changes the certificate's row itself, before or after.
    /// </summary>
    /// <param name="transaction">Where it happens.</param>
    /// <param name="certificate">The certificate's row.</param>
    /// <param name="spec">Its new spec.</param>
    /// <param name="privateKey">PEM; null: none was written.</param>
    /// <param name="warnings">Takes what the answer warns of.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Error?> SaveKeyAsync(
        WriteTransaction transaction, ResourceEntity certificate, CertificateSpec spec, Secret? privateKey, List<string> warnings, CancellationToken cancellationToken)
    {
        var (uploaded, problem) = UploadedChain.Read(CertificatePointer, spec.Certificate);
        if (uploaded is null)
            return Invalid(problem!);
        using var chain = uploaded;
        warnings.AddRange(chain.Warnings(transaction.Now));
        var stored = await transaction.Db.PrivateKeys
            .Where(key => key.CertificateId == certificate.Id)
            .Select(key => new StoredKey(key.Version, key.KeyFingerprint))
            .FirstOrDefaultAsync(cancellationToken);
        if (privateKey is null)
            return stored is null ? KeyErrors.Missing : stored.Fingerprint == chain.KeyFingerprint ? null : KeyErrors.OfAnother;

        var (read, wrong) = PrivateKey.Read(KeyPointer, privateKey.Reveal());
        if (read is null)
            return Invalid(wrong!);
        using var key = read;
        if (chain.Refuse(KeyPointer, key) is { } mismatch)
            return Invalid(mismatch);
        if (keys.Current is not { } ring)
            return new NoKeyEncryptionKeyError();
        await StoreAsync(transaction, certificate, new KeyIdentity(transaction.TenantId, certificate.Name, (stored?.Version ?? 0) + 1, chain.KeyFingerprint), ring, key, cancellationToken);
        var tenant = await transaction.Db.Tenants.Where(candidate => candidate.Id == transaction.TenantId).Select(candidate => candidate.Name).SingleAsync(cancellationToken);
        faults.Clear($"{tenant}/{certificate.Name}");
        return null;
    }

    private static async Task StoreAsync(
        WriteTransaction transaction, ResourceEntity certificate, KeyIdentity identity, KeyRing ring, PrivateKey key, CancellationToken cancellationToken)
    {
        var box = KeyEnvelope.Seal(ring, identity, key.Pkcs8);
        var now = transaction.Now;
        if (identity.Version == 1)
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

    private static InvalidError Invalid(ValidationError error) => new([new FieldError(error.Pointer, error.Code, error.Message)]);

    private sealed record StoredKey(long Version, string Fingerprint);
}
