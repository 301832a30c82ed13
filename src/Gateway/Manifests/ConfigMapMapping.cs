using System.Text.Json;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Manifests;

/// <summary>A ConfigMap with <c>ca.crt</c>, which <c>caCertificateRefs</c> resolve to. Other keys are no business of a gateway.</summary>
internal sealed class ConfigMapMapping : IManifestMapping
{
    private const string Authorities = "ca.crt";

    public bool Takes(Manifest manifest) => manifest is { Group: "", Kind: ResourceKind.ConfigMap };

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken) => taken.Select(manifest => Map(group.Tenant, manifest));

    private static ManifestOutcome Map(string tenant, Manifest manifest)
    {
        var notes = new ManifestNotes(manifest);
        var data = manifest.Field("data");
        if (ManifestFields.Text(data, Authorities, $"/data/{Authorities}", notes) is not { } pem)
        {
            notes.Ignore($"Only ConfigMaps with the key {Authorities} are kept: policies and listeners take authorities from them, and nothing else.");
            return notes.Outdating(new ResourceKey(ResourceKind.ConfigMap, tenant, manifest.Name));
        }
        var others = data.EnumerateObject().Count(static property => property.Name != Authorities && property.Value.ValueKind != JsonValueKind.Null);
        if (others > 0 || ManifestFields.Get(manifest.Root, "binaryData").ValueKind == JsonValueKind.Object)
            notes.Say($"Only the key {Authorities} is kept; nothing here reads the others.");
        OtherFields.Report(manifest, notes, "data", "binaryData", "immutable");
        var spec = new ConfigMapSpec { Data = new Dictionary<string, string> { [Authorities] = pem } };
        return StoredSpec.Check(ResourceKind.ConfigMap, spec, "", notes) is { } value ? notes.With(notes.Resource(ResourceKind.ConfigMap, tenant, value)) : notes.With();
    }
}
