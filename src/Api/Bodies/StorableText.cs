using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Bodies;

/// <summary>Finds text that neither .NET strings nor Postgres' jsonb can hold: U+0000, unpaired surrogates, and octets that are not UTF-8.</summary>
internal static class StorableText
{
    /// <summary>The fields with such text, or null. Checked on the escaped form, because reading an unpaired surrogate throws.</summary>
    public static IReadOnlyList<FieldError>? Find(JsonElement root)
    {
        var errors = new List<FieldError>();
        Walk(root, "", errors);
        return errors.Count == 0 ? null : errors;
    }

    private static void Walk(JsonElement element, string pointer, List<FieldError> errors)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WalkObject(element, pointer, errors);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    Walk(item, $"{pointer}/{index++}", errors);
                break;
            case JsonValueKind.String when !IsStorable(element):
                errors.Add(new FieldError(pointer, ErrorCodes.InvalidCharacters, "Remove U+0000, unpaired surrogates and what is not UTF-8: they cannot be stored."));
                break;
        }
    }

    private static void WalkObject(JsonElement element, string pointer, List<FieldError> errors)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (TryGetName(property, out var name))
                Walk(property.Value, Pointer.Append(pointer, name), errors);
            else
                errors.Add(new FieldError(pointer, ErrorCodes.InvalidCharacters, "A field's name has U+0000, an unpaired surrogate or what is not UTF-8."));
        }
    }

    private static bool TryGetName(JsonProperty property, out string name)
    {
        try
        {
            name = property.Name;
            return !name.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    // The parser takes octets that are not UTF-8; reading them throws.
    private static bool IsStorable(JsonElement element)
    {
        try
        {
            var raw = element.GetRawText();
            return !raw.Contains('\\', StringComparison.Ordinal) || !JsonSerializer.Deserialize<string>(raw)!.Contains('\0', StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
