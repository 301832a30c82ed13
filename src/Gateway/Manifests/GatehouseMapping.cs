using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Our own kinds, <c>gatehouse.dev/v1</c>: what an export writes. A class is among them, for the fields that upstream's has not.</summary>
internal sealed class GatehouseMapping : IManifestMapping
{
    /// <summary>The one version.</summary>
    public const string Version = "v1";

    private static readonly string[] Kinds = [ResourceKind.Backend, ResourceKind.Hostname, ResourceKind.Certificate, ResourceKind.GatewayClass];

    public bool Takes(Manifest manifest) => manifest.Group == ResourceKind.GatehouseGroup;

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken) => taken.Select(manifest => Map(group.Tenant, manifest));

    private static ManifestOutcome Map(string tenant, Manifest manifest)
    {
        var notes = new ManifestNotes(manifest);
        if (!Kinds.Contains(manifest.Kind))
            notes.Refuse($"/kind: {ResourceKind.GatehouseGroup} has no kind of this name; it has {string.Join(", ", Kinds)}.");
        if (manifest.Version != Version)
            notes.Refuse($"/apiVersion: write {ResourceKind.GatehouseGroup}/{Version}.");
        if (notes.Verdict == ManifestVerdict.Refused)
            return notes.With();
        if (manifest.Kind == ResourceKind.Certificate)
            return MapCertificate(tenant, manifest, notes);
        return GatewayApiMapping.Map(manifest, manifest.Kind, manifest.Kind == ResourceKind.GatewayClass ? ResourceKind.PlatformTenant : tenant, notes);
    }

    /// <summary>An export has no private keys: the one that is stored stays, and where there is none it has to be uploaded.</summary>
    private static ManifestOutcome MapCertificate(string tenant, Manifest manifest, ManifestNotes notes)
    {
        OtherFields.Report(manifest, notes, "spec", "status");
        var spec = manifest.Field("spec");
        var pem = ManifestFields.Text(spec, "certificate", "/spec/certificate", notes, required: true);
        var key = ManifestFields.Text(spec, "privateKey", "/spec/privateKey", notes, required: false);
        OtherFields.Report(spec, "/spec", notes, "certificate", "privateKey");
        if (pem is not null && PemText.Check("/spec/certificate", pem) is { } problem)
            notes.Refuse($"{problem.Pointer}: {problem.Message}");
        if (pem is null || notes.Verdict == ManifestVerdict.Refused)
            return notes.With();
        return notes.With(notes.Resource(ResourceKind.Certificate, tenant, new CertificateSpec { Certificate = pem })
            with { PrivateKey = key is null ? null : new PrivateKeyText(key) });
    }
}
