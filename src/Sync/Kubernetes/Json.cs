using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Sync.Kubernetes;

/// <summary>Reads JSON of API servers without trusting its shape.</summary>
internal static class Json
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    /// <summary>An object.</summary>
    /// <exception cref="KubernetesException">It is none.</exception>
    public static JsonObject Object(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json, null, Strict) as JsonObject ?? throw Malformed(null);
        }
        catch (JsonException exception)
        {
            throw Malformed(exception);
        }
    }

    /// <summary>Text; anything else: empty.</summary>
    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>Whether a value is true.</summary>
    public static bool Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>A number; anything else: 0.</summary>
    public static int Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;

    /// <summary>A field of a field, if both are there.</summary>
    public static JsonNode? At(JsonNode? node, string field) => (node as JsonObject)?[field];

    /// <summary>What came is not what Kubernetes sends.</summary>
    public static KubernetesException Malformed(Exception? inner) => new(0, "Malformed", "The API server's answer is not what Kubernetes sends: is it an API server?", inner: inner);
}
