using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Projection;

/// <summary>The fields that a CRD has, read from its schema (https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/).</summary>
public static class CustomResourceFields
{
    /// <summary>Ends the path of a field that takes any field below it.</summary>
    public const string Open = ".*";

    private const int MaxDepth = 32;

    /// <summary>Paths of all fields of a version, such as <c>spec.rules.filters.cors</c>; items of lists have no index.</summary>
    /// <param name="definition">The CustomResourceDefinition.</param>
    /// <param name="version">Name of a served version.</param>
    public static IReadOnlySet<string> Of(JsonObject definition, string version)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var fields = new HashSet<string>(StringComparer.Ordinal);
        var found = (definition["spec"]?["versions"] as JsonArray)?.FirstOrDefault(candidate => (string?)candidate?["name"] == version);
        if (found?["schema"]?["openAPIV3Schema"] is JsonObject schema)
            Add(schema, "", fields, 0);
        return fields;
    }

    private static void Add(JsonObject schema, string path, HashSet<string> fields, int depth)
    {
        if (depth > MaxDepth)
            return;
        if (schema["items"] is JsonObject items)
            Add(items, path, fields, depth + 1);
        if (schema["additionalProperties"] is not null || (bool?)schema["x-kubernetes-preserve-unknown-fields"] == true)
            fields.Add(path + Open);
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            var field = path.Length == 0 ? name : $"{path}.{name}";
            fields.Add(field);
            if (value is JsonObject below)
                Add(below, field, fields, depth + 1);
        }
    }
}
