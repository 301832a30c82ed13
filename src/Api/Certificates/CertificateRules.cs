using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Issuance;

namespace Gatehouse.Api.Certificates;

/// <summary>A Certificate is saved with its private key or not at all.</summary>
internal sealed class CertificateRules(CertificateWrites certificates) : IKindRules
{
    public string Kind => ResourceKind.Certificate;

    public async Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var error = ManagedObjection(write)
            ?? await certificates.SaveKeyAsync(write.Transaction, write.Entity, (CertificateSpec)write.Spec, write.Secret, write.Warnings, cancellationToken);
        if (error is null)
            await WakeAsync(write, cancellationToken);
        return error;
    }

    /// <summary>Certificates that Gatehouse has issued are its own to change; nobody else makes one of theirs such a one.</summary>
    public static Error? ManagedObjection(PendingWrite write)
    {
        if (write.PreviousSpec is CertificateSpec { ManagedFor: { } hostname })
            return new ManagedCertificateError(hostname);
        return ((CertificateSpec)write.Spec).ManagedFor is null ? null : new ManagedCertificateError(null);
    }

    /// <summary>
    /// Whether an import stores a certificate all the same, as a cluster does: a chain that cannot be read, which its conditions tell, and one
    /// without its key, which no export has. A key that does not fit is an error everywhere.
    /// </summary>
    public static bool MayBeStored(PendingWrite write, Error error) =>
        write.Spec is CertificateSpec && error is InvalidError { Fields: [var field] } && (field.Pointer == CertificateWrites.CertificatePointer || write.Secret is null);

    /// <summary>The key goes with its certificate's row.</summary>
    public async Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        if (ManagedObjection(write) is { } error)
            return error;
        await WakeAsync(write, cancellationToken);
        return null;
    }

    // Names that an uploaded certificate covers, or covered, may need a managed one less, or more.
    private static async Task WakeAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var names = new[] { write.Spec, write.PreviousSpec }.OfType<CertificateSpec>().SelectMany(spec => UploadedChain.NamesOf(spec.Certificate)).Distinct().ToList();
        if (names.Count > 0)
            await IssuanceRows.WakeAsync(write.Transaction, names, cancellationToken);
    }
}
