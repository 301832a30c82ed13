using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.Manifests;

/// <summary>
/// Validates specs as an import does: a field that is not known is left out and named, where REST refuses it. Manifests carry fields of
/// other versions and of vendors, and the rest of them is worth having.
/// </summary>
internal static class LenientSpec
{
    /// <summary>A validation names at most <see cref="SpecValidator.MaxErrors"/> fields; more rounds than this are no manifest.</summary>
    private const int Rounds = 20;

    /// <summary>The typed spec; null: refused, and the notes say why.</summary>
    public static object? Read(string kind, JsonElement spec, ManifestNotes notes)
    {
        var omitted = new List<string>();
        var result = Validate(kind, spec);
        for (var round = 0; round < Rounds && result.Errors.Any(IsUnknown); round++)
        {
            if (result.Errors.Any(static error => error.Code == ErrorCodes.DuplicateField) || Without(spec, result.Errors.Where(IsUnknown)) is not { } rest)
                break;
            omitted.AddRange(result.Errors.Where(IsUnknown).Select(static error => $"/spec{error.Pointer}: {error.Message} It was left out."));
            spec = rest;
            result = Validate(kind, spec);
        }
        foreach (var message in omitted)
            notes.Differ(message);
        foreach (var error in result.Errors)
            notes.Refuse($"/spec{error.Pointer}: {error.Message}");
        return result.Spec;
    }

    private static SpecResult Validate(string kind, JsonElement spec) => SpecValidator.Validate(kind, spec);

    private static bool IsUnknown(ValidationError error) => error.Code == ErrorCodes.UnknownField;

    /// <summary>The spec without these fields; null if one of them cannot be found again.</summary>
    private static JsonElement? Without(JsonElement spec, IEnumerable<ValidationError> fields)
    {
        if (spec.ValueKind != JsonValueKind.Object)
            return null;
        var root = JsonObject.Create(spec)!;
        var found = true;
        foreach (var field in fields)
            found &= Remove(root, field.Pointer.Split('/')[1..]);
        return found ? JsonSerializer.SerializeToElement(root) : null;
    }

    private static bool Remove(JsonNode root, string[] steps)
    {
        JsonNode? parent = root;
        foreach (var step in steps[..^1])
            parent = parent switch
            {
                JsonObject map => map[Unescape(step)],
                JsonArray list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        return parent is JsonObject owner && owner.Remove(Unescape(steps[^1]));
    }

    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
