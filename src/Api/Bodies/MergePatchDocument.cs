using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Api.Bodies;

/// <summary>JSON merge patch (https://www.rfc-editor.org/rfc/rfc7396#section-2).</summary>
internal static class MergePatchDocument
{
    /// <summary>The target with the patch applied: objects merge, null removes, everything else replaces.</summary>
    public static JsonElement Apply(JsonElement target, JsonElement patch) =>
        JsonSerializer.SerializeToElement(Merge(ToNode(target), patch));

    private static JsonNode? Merge(JsonNode? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
            return ToNode(patch);
        var merged = target as JsonObject ?? [];
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(member.Name);
                continue;
            }
            var before = merged[member.Name];
            merged.Remove(member.Name);
            merged[member.Name] = Merge(before, member.Value);
        }
        return merged;
    }

    private static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element.Clone()),
        JsonValueKind.Array => JsonArray.Create(element.Clone()),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element.Clone()),
    };
}
