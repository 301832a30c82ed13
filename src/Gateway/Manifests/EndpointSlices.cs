using System.Text.Json;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Reads EndpointSlices (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/).</summary>
internal static class EndpointSlices
{
    /// <summary>The slice; null: refused, and the notes say why.</summary>
    public static EndpointSlice? Read(Manifest manifest, ManifestNotes notes)
    {
        var slice = new EndpointSlice
        {
            Name = manifest.Name,
            AddressType = ManifestFields.Text(manifest.Root, "addressType", "/addressType", notes, required: true),
            Ports = [.. ManifestFields.Items(manifest.Root, "ports", "/ports", notes).Select(port => Port(port.Item, port.Pointer, notes))],
            Endpoints = [.. ManifestFields.Items(manifest.Root, "endpoints", "/endpoints", notes).Select(endpoint => Endpoint(endpoint.Item, endpoint.Pointer, notes))],
        };
        OtherFields.Report(manifest, notes, "addressType", "ports", "endpoints");
        return notes.Verdict == ManifestVerdict.Refused ? null : slice;
    }

    private static EndpointSlicePort Port(JsonElement item, string pointer, ManifestNotes notes) => new()
    {
        Name = ManifestFields.Text(item, "name", $"{pointer}/name", notes),
        Port = ManifestFields.Port(item, "port", $"{pointer}/port", notes),
        Protocol = ManifestFields.Text(item, "protocol", $"{pointer}/protocol", notes),
        AppProtocol = ManifestFields.Text(item, "appProtocol", $"{pointer}/appProtocol", notes),
    };

    private static SliceEndpoint Endpoint(JsonElement item, string pointer, ManifestNotes notes)
    {
        var addresses = new List<string>();
        foreach (var (address, at) in ManifestFields.Items(item, "addresses", $"{pointer}/addresses", notes))
        {
            if (address.ValueKind == JsonValueKind.String && JsonText.TryGetText(address) is { Length: > 0 and <= 253 } text)
                addresses.Add(text);
            else
                notes.Refuse($"{at}: must be an address.");
        }
        if (addresses.Count == 0)
            notes.Refuse($"{pointer}/addresses: must have at least one address.");
        return new SliceEndpoint
        {
            Addresses = addresses,
            Ready = ManifestFields.Flag(ManifestFields.Get(item, "conditions"), "ready", $"{pointer}/conditions/ready", notes),
        };
    }
}
