using System.Text;
using System.Text.Json;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Manifests;

/// <summary>
/// A Secret of type kubernetes.io/tls is a Certificate (https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets). What is in
/// it need not be usable: like Kubernetes it is stored, and the listeners that name it say what is wrong.
/// </summary>
internal sealed class SecretMapping : IManifestMapping
{
    private const string TlsType = "kubernetes.io/tls";
    private const string CertificateKey = "tls.crt";
    private const string PrivateKeyKey = "tls.key";
    private const string PrivateKeyMark = "PRIVATE KEY-----";

    public bool Takes(Manifest manifest) => manifest is { Group: "", Kind: ResourceKind.Secret };

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken) => taken.Select(manifest => Map(group.Tenant, manifest));

    private static ManifestOutcome Map(string tenant, Manifest manifest)
    {
        var notes = new ManifestNotes(manifest);
        var type = ManifestFields.Text(manifest.Root, "type", "/type", notes);
        if (type != TlsType)
        {
            notes.Ignore($"Only Secrets of type {TlsType} are kept: gateways need no other. If listeners use this one, set its type.");
            return notes.Outdating(new ResourceKey(ResourceKind.Certificate, tenant, manifest.Name));
        }
        var certificate = Read(manifest, CertificateKey, notes);
        var key = Read(manifest, PrivateKeyKey, notes);
        OtherFields.Report(manifest, notes, "type", "data", "stringData", "immutable");
        foreach (var other in KeysOf(manifest).Where(static name => name is not (CertificateKey or PrivateKeyKey)))
            notes.Say($"/data/{Validation.Reading.SafeText.Shorten(other, 253)}: not kept; a certificate is {CertificateKey} and {PrivateKeyKey}.");
        if (certificate?.Contains(PrivateKeyMark, StringComparison.Ordinal) == true)
            notes.Refuse($"/data/{CertificateKey}: remove the private key, everybody who may read certificates would see it; it belongs into {PrivateKeyKey}.");
        if (certificate is null || key is null || StoredSpec.Check(ResourceKind.Certificate, new CertificateSpec { Certificate = certificate }, "/data", notes) is not { } spec)
            return notes.With();
        return notes.With(notes.Resource(ResourceKind.Certificate, tenant, spec) with { PrivateKey = new PrivateKeyText(key) });
    }

    /// <summary><c>stringData</c> is plain text and wins over <c>data</c>, which is base64.</summary>
    private static string? Read(Manifest manifest, string key, ManifestNotes notes)
    {
        if (ManifestFields.Get(manifest.Field("stringData"), key).ValueKind != JsonValueKind.Undefined)
            return ManifestFields.Text(manifest.Field("stringData"), key, $"/stringData/{key}", notes);
        if (ManifestFields.Text(manifest.Field("data"), key, $"/data/{key}", notes, required: true) is not { } encoded)
            return null;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            notes.Refuse($"/data/{key}: must be base64.");
            return null;
        }
        // What is no text is no PEM either: the replacement keeps it storable, and the listeners say that it is unusable.
        return Encoding.UTF8.GetString(bytes, 0, length).Replace('\0', '\ufffd');
    }

    private static IEnumerable<string> KeysOf(Manifest manifest) =>
        new[] { manifest.Field("data"), manifest.Field("stringData") }.Where(static map => map.ValueKind == JsonValueKind.Object)
            .SelectMany(static map => map.EnumerateObject()).Select(static property => property.Name).Distinct(StringComparer.Ordinal).Take(20);
}
