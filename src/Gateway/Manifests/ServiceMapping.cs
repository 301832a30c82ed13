using System.Text.Json;
using Gatehouse.Gateway.Resources;
using ParsedService = (Gatehouse.Gateway.Manifests.Manifest Manifest, Gatehouse.Gateway.Manifests.ManifestNotes Notes);

namespace Gatehouse.Gateway.Manifests;

/// <summary>
/// A Service and its EndpointSlices are one object here. Which slices are a Service's says their label
/// (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ownership).
/// </summary>
internal sealed class ServiceMapping : IManifestMapping
{
    internal const string SliceKind = "EndpointSlice";
    internal const string SliceGroup = "discovery.k8s.io";
    internal const string ServiceLabel = "kubernetes.io/service-name";
    private const string ExternalName = "ExternalName";

    public bool Takes(Manifest manifest) => IsSlice(manifest) || manifest is { Group: "", Kind: ResourceKind.Service };

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken)
    {
        var slices = taken.Where(IsSlice).Select(static manifest => (Manifest: manifest, Notes: new ManifestNotes(manifest)))
            .ToLookup(static slice => slice.Manifest.Labels.GetValueOrDefault(ServiceLabel, ""), StringComparer.Ordinal);
        var services = taken.Where(static manifest => !IsSlice(manifest)).ToList();
        foreach (var service in services)
        {
            var own = slices[service.Name].Select(static slice => (slice.Manifest, slice.Notes, Slice: EndpointSlices.Read(slice.Manifest, slice.Notes))).ToList();
            foreach (var (manifest, notes, slice) in own)
            {
                if (slice is not null)
                    notes.Say($"Part of the Service `{service.Name}`.");
                yield return notes.With();
            }
            yield return Map(group.Tenant, service, [.. own.Select(static slice => slice.Slice).OfType<EndpointSlice>()]);
        }
        var names = services.Select(static service => service.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var orphan in slices.Where(slice => !names.Contains(slice.Key)).SelectMany(static slice => slice))
            yield return Orphan(orphan);
    }

    private static bool IsSlice(Manifest manifest) => manifest is { Group: SliceGroup, Kind: SliceKind };

    private static ManifestOutcome Orphan(ParsedService slice)
    {
        slice.Notes.Ignore(slice.Manifest.Labels.TryGetValue(ServiceLabel, out var service)
            ? $"It belongs to the Service `{service}`, which is not in this import: import the two together."
            : $"Without the label {ServiceLabel} it belongs to no Service.");
        return slice.Notes.With();
    }

    private static ManifestOutcome Map(string tenant, Manifest manifest, IReadOnlyList<EndpointSlice> slices)
    {
        var notes = new ManifestNotes(manifest);
        var written = manifest.Field("spec");
        if (written.ValueKind != JsonValueKind.Object)
            notes.Refuse("/spec: is missing.");
        var type = ManifestFields.Text(written, "type", "/spec/type", notes);
        var spec = new ServiceSpec
        {
            Type = type,
            ExternalName = ManifestFields.Text(written, "externalName", "/spec/externalName", notes, required: type == ExternalName),
            Ports = Ports(written, notes),
            EndpointSlices = slices,
        };
        if (slices.Count == 0 && type != ExternalName)
            notes.Differ("No EndpointSlice of it is in this import, so it has no endpoints and requests get 503. Export the EndpointSlices too, or write a Backend.");
        if (ManifestFields.Text(written, "sessionAffinity", "/spec/sessionAffinity", notes) is not (null or "None"))
            notes.Differ("/spec/sessionAffinity: not kept; sessionPersistence in a route keeps clients on one endpoint.");
        return StoredSpec.Check(ResourceKind.Service, spec, "/spec", notes) is { } value ? notes.With(notes.Resource(ResourceKind.Service, tenant, value)) : notes.With();
    }

    private static List<ServicePort> Ports(JsonElement spec, ManifestNotes notes)
    {
        var ports = new List<ServicePort>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, pointer) in ManifestFields.Items(spec, "ports", "/spec/ports", notes))
        {
            var port = new ServicePort
            {
                Name = ManifestFields.Text(item, "name", $"{pointer}/name", notes),
                Port = ManifestFields.Port(item, "port", $"{pointer}/port", notes, required: true) ?? 0,
                Protocol = ManifestFields.Text(item, "protocol", $"{pointer}/protocol", notes),
                AppProtocol = ManifestFields.Text(item, "appProtocol", $"{pointer}/appProtocol", notes),
            };
            if (!names.Add(port.Name ?? ""))
                notes.Refuse($"{pointer}/name: another port has this name.");
            ports.Add(port);
        }
        return ports;
    }
}
