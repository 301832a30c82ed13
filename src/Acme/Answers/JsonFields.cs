using System.Globalization;
using System.Text.Json;

namespace Gatehouse.Acme.Answers;

/// <summary>Fields of an authority's JSON. What is missing or of another type than it must be makes the answer an invalid one.</summary>
internal static class JsonFields
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>An answer's object.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body, Options);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            throw Invalid("it is not JSON");
        }
        throw Invalid("it is not a JSON object");
    }

    public static AcmeException Invalid(string reason) => new(AcmeErrorKind.InvalidAnswer, $"The certificate authority's answer cannot be used: {reason}.");

    extension(JsonElement element)
    {
        /// <summary>A field; null: it is missing or null.</summary>
        public JsonElement? Field(string name) =>
            element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

        /// <summary>A text that may be missing.</summary>
        public string? Text(string name) => element.Field(name) is not { } value ? null : value.AsText(name);

        /// <summary>A text.</summary>
        public string RequiredText(string name) => element.Text(name) ?? throw Invalid($"it has no {name}");

        /// <summary>A truth; missing: false.</summary>
        public bool Truth(string name) => element.Field(name) is { } value && (value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Invalid($"{name} is neither true nor false"));

        /// <summary>An object that may be missing.</summary>
        public JsonElement? Object(string name) => element.Field(name) is not { } value ? null
            : value.ValueKind is JsonValueKind.Object ? value : throw Invalid($"{name} is not an object");

        /// <summary>The elements of an array that may be missing.</summary>
        public IReadOnlyList<JsonElement> List(string name, int most)
        {
            if (element.Field(name) is not { } value)
                return [];
            if (value.ValueKind is not JsonValueKind.Array)
                throw Invalid($"{name} is not an array");
            return value.GetArrayLength() <= most ? [.. value.EnumerateArray()] : throw Invalid($"{name} has more than {most} elements");
        }

        /// <summary>A time (RFC 3339) that may be missing.</summary>
        public DateTimeOffset? Time(string name)
        {
            if (element.Text(name) is not { } text)
                return null;
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUniversalTime()
                : throw Invalid($"{name} is not a time");
        }

        /// <summary>This very element as text.</summary>
        public string AsText(string name)
        {
            try
            {
                return element.ValueKind is JsonValueKind.String ? element.GetString()! : throw Invalid($"{name} is not a text");
            }
            catch (InvalidOperationException)
            {
                throw Invalid($"{name} is not a text");
            }
        }
    }
}
