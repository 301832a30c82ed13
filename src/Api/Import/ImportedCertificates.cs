using Gatehouse.Api.Certificates;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Import;

/// <summary>
/// Certificates of one tenant's part of an import. A certificate that is no certificate is stored, as Kubernetes does, and the listeners that
/// name it say so; one whose key is another's is refused, and what is stored goes on serving. A key that is stored is not stored again.
/// </summary>
internal sealed class ImportedCertificates(CertificateWrites writes, WriteTransaction transaction)
{
    private readonly HashSet<Guid> _withKey = [];

    /// <summary>Looks up which certificates have their key.</summary>
    public async Task LoadAsync(IReadOnlyCollection<Guid> certificates, CancellationToken cancellationToken)
    {
        if (certificates.Count > 0)
            _withKey.UnionWith(await transaction.Db.PrivateKeys.Where(key => certificates.Contains(key.CertificateId)).Select(static key => key.CertificateId).ToListAsync(cancellationToken));
    }

    /// <summary>Whether a key came for a usable certificate that has none.</summary>
    public bool Lacks(Guid certificate, ManifestResource resource) =>
        resource.PrivateKey is not null && !_withKey.Contains(certificate) && Problem(resource) is null;

    /// <summary>Says of a certificate that stays as it is what keeps it from being used.</summary>
    public void Remark(Guid certificate, ManifestResource resource, ImportEntry entry)
    {
        if (resource.Spec is CertificateSpec && !_withKey.Contains(certificate))
            Unusable(entry, Problem(resource) ?? KeyErrors.Missing.Message);
    }

    /// <summary>Stores the key of a certificate that is about to be saved.</summary>
    public async Task<Error?> BeforeSaveAsync(PendingWrite write, ImportEntry entry, CancellationToken cancellationToken)
    {
        if (CertificateRules.ManagedObjection(write) is { } managed)
            return managed;
        var error = await writes.SaveKeyAsync(transaction, write.Entity, (CertificateSpec)write.Spec, write.Secret, write.Warnings, cancellationToken);
        if (error is null || !CertificateRules.MayBeStored(write, error))
            return error;
        Unusable(entry, error.Message);
        return null;
    }

    private static void Unusable(ImportEntry entry, string why) => entry.Add(ManifestVerdict.Approximate, $"It is stored, but nothing can use it: {why}");

    private static string? Problem(ManifestResource resource)
    {
        var (chain, problem) = UploadedChain.Read("", ((CertificateSpec)resource.Spec).Certificate);
        chain?.Dispose();
        return problem?.Message;
    }
}
