using System.Text.Json;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Upstream's kinds: their spec is ours, field for field.</summary>
internal sealed class GatewayApiMapping : IManifestMapping
{
    public bool Takes(Manifest manifest) => GatewayApiVersions.KindOf(manifest) is not null;

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken) => taken.Select(manifest => Map(group.Tenant, manifest));

    private static ManifestOutcome Map(string tenant, Manifest manifest)
    {
        var notes = new ManifestNotes(manifest);
        var kind = GatewayApiVersions.KindOf(manifest)!;
        GatewayApiVersions.Check(manifest, kind, notes);
        if (notes.Verdict == ManifestVerdict.Refused)
            return notes.With();
        return Map(manifest, kind, kind == ResourceKind.GatewayClass ? ResourceKind.PlatformTenant : tenant, notes);
    }

    /// <summary>Reads the spec of one object whose kind has the shape of ours.</summary>
    public static ManifestOutcome Map(Manifest manifest, string kind, string tenant, ManifestNotes notes)
    {
        var written = manifest.Field("spec");
        if (kind == ResourceKind.GatewayClass && ForeignController(written) is { } controller)
        {
            notes.Ignore(
                $"The controller `{controller}` is not Gatehouse: no Gateway of this class runs here. To run them here write `gatewayClassName: gatehouse` "
                + $"in them, or let a platform admin create a class `{manifest.Name}` with controllerName `{ResourceKind.ControllerName}`.");
            return notes.With();
        }
        OtherFields.Report(manifest, notes, "spec", "status");
        var spec = kind == ResourceKind.BackendTlsPolicy ? OldBackendTlsPolicies.Convert(manifest.Version, written) : written;
        if (LenientSpec.Read(kind, spec, notes) is { } value)
        {
            foreach (var error in SpecValidator.CheckName(manifest.Name, value))
                notes.Refuse($"/spec{error.Pointer}: {error.Message}");
            return notes.Verdict == ManifestVerdict.Refused ? notes.With() : notes.With(notes.Resource(kind, tenant, value));
        }
        if (kind == ResourceKind.ReferenceGrant && GrantsToAll(spec))
            notes.Say("A grant names its namespaces, `*` is none: write one entry of `from` for each namespace that may reference.");
        return notes.With();
    }

    /// <summary>As some guides write it, and every version of upstream refuses it.</summary>
    private static bool GrantsToAll(JsonElement spec) =>
        ManifestFields.Get(spec, "from") is { ValueKind: JsonValueKind.Array } from
        && from.EnumerateArray().Any(static entry => ManifestFields.Get(entry, "namespace") is { ValueKind: JsonValueKind.String } name && name.ValueEquals("*"));

    private static string? ForeignController(JsonElement spec) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("controllerName", out var name) && name.ValueKind == JsonValueKind.String
        && name.GetString() is { } controller && controller != ResourceKind.ControllerName
            ? Validation.Reading.SafeText.Shorten(controller, 253)
            : null;
}
