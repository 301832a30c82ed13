using System.Text.Json;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Reads fields of core kinds, of which Gatehouse needs a few; null is absent.</summary>
internal static class ManifestFields
{
    /// <summary>A text; null: absent or wrong, which the notes say.</summary>
    public static string? Text(JsonElement parent, string name, string pointer, ManifestNotes notes, bool required = false)
    {
        var value = Get(parent, name);
        if (value.ValueKind == JsonValueKind.String && JsonText.TryGetText(value) is { } text)
            return text;
        if (value.ValueKind != JsonValueKind.Undefined)
            notes.Refuse($"{pointer}: must be text, not {JsonText.Describe(value)}.");
        else if (required)
            notes.Refuse($"{pointer}: is missing.");
        return null;
    }

    /// <summary>A port number; null: absent or wrong.</summary>
    public static int? Port(JsonElement parent, string name, string pointer, ManifestNotes notes, bool required = false)
    {
        var value = Get(parent, name);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var port) && port is > 0 and <= ushort.MaxValue)
            return port;
        if (value.ValueKind != JsonValueKind.Undefined)
            notes.Refuse($"{pointer}: must be a port from 1 to 65535.");
        else if (required)
            notes.Refuse($"{pointer}: is missing.");
        return null;
    }

    /// <summary>true or false; null: absent or wrong.</summary>
    public static bool? Flag(JsonElement parent, string name, string pointer, ManifestNotes notes)
    {
        var value = Get(parent, name);
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        if (value.ValueKind != JsonValueKind.Undefined)
            notes.Refuse($"{pointer}: must be true or false, not {JsonText.Describe(value)}.");
        return null;
    }

    /// <summary>The items of a list; absent is empty.</summary>
    public static IEnumerable<(JsonElement Item, string Pointer)> Items(JsonElement parent, string name, string pointer, ManifestNotes notes)
    {
        var value = Get(parent, name);
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().Select((item, index) => (item, $"{pointer}/{index}"));
        if (value.ValueKind != JsonValueKind.Undefined)
            notes.Refuse($"{pointer}: must be a list, not {JsonText.Describe(value)}.");
        return [];
    }

    /// <summary>A field; undefined: absent or null.</summary>
    public static JsonElement Get(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;
}
