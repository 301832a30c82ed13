using System.Text.Json;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Fields that no mapping reads: what is left out is named.</summary>
internal static class OtherFields
{
    private const int MaxNamed = 20;
    private const int MaxShown = 253;

    /// <summary>Names the fields of a manifest besides apiVersion, kind, metadata and those that are read.</summary>
    public static void Report(Manifest manifest, ManifestNotes notes, params ReadOnlySpan<string> read) => Report(manifest.Root, "", notes, ["apiVersion", "kind", "metadata", .. read]);

    /// <summary>Names the fields of an object besides those that are read.</summary>
    public static void Report(JsonElement element, string pointer, ManifestNotes notes, params ReadOnlySpan<string> read)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        var named = 0;
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null || read.Contains(property.Name) || named++ >= MaxNamed)
                continue;
            notes.Differ($"{pointer}/{SafeText.Shorten(property.Name, MaxShown)}: there is no such field; it was left out.");
        }
    }
}
