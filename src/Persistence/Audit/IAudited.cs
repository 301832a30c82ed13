using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Persistence.Audit;

/// <summary>An entity whose changes leave an audit event and a revision in the transaction that makes them.</summary>
public interface IAudited
{
    /// <summary>Kind and name that people know the object by.</summary>
    (string Kind, string Name) AuditKey { get; }

    /// <summary>What of the object is worth comparing; never a secret. Equal views mean that nothing happened.</summary>
    JsonObject AuditView();
}

/// <summary>Builds parts of audit views.</summary>
internal static class AuditJson
{
    /// <summary>A map as an object in ordinal order.</summary>
    public static JsonObject Of(IReadOnlyDictionary<string, string> map)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            result[key] = value;
        return result;
    }

    /// <summary>JSON text as a node.</summary>
    public static JsonNode? Parse(string text) => JsonNode.Parse(text);

    /// <summary>Text of a view.</summary>
    public static string? Text(JsonObject? view) => view?.ToJsonString(JsonSerializerOptions.Default);
}
