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
        var stored = await PrivateKeyRows.FindAsync(transaction, certificate.Id, cancellationToken);
        if (privateKey is null)
            return stored is null ? KeyErrors.Missing : stored.Value.Fingerprint == chain.KeyFingerprint ? null : KeyErrors.OfAnother;

        var (read, wrong) = PrivateKey.Read(KeyPointer, privateKey.Reveal());
        if (read is null)
            return Invalid(wrong!);
        using var key = read;
        if (chain.Refuse(KeyPointer, key) is { } mismatch)
            return Invalid(mismatch);
        if (keys.Current is not { } ring)
            return new NoKeyEncryptionKeyError();
        await PrivateKeyRows.StoreAsync(transaction, certificate, chain.KeyFingerprint, ring, key.Pkcs8, cancellationToken);
        var tenant = await transaction.Db.Tenants.Where(candidate => candidate.Id == transaction.TenantId).Select(candidate => candidate.Name).SingleAsync(cancellationToken);
        faults.Clear($"{tenant}/{certificate.Name}");
        return null;
    }

    private static InvalidError Invalid(ValidationError error) => new([new FieldError(error.Pointer, error.Code, error.Message)]);
}
