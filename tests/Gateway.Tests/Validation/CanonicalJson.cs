using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>What a spec is to Kubernetes: fields that are null are absent.</summary>
internal static class CanonicalJson
{
    public static JsonElement WithoutNulls(JsonElement element)
    {
        var node = JsonNode.Parse(element.GetRawText());
        Prune(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static void Prune(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Prune(item);
        }
        if (node is not JsonObject fields)
            return;
        foreach (var name in fields.Where(field => field.Value is null).Select(field => field.Key).ToList())
            fields.Remove(name);
        foreach (var (_, value) in fields)
            Prune(value);
    }
}
