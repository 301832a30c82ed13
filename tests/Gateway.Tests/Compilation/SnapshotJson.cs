using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>Writes a snapshot in a stable order, for people to read and for tests to compare.</summary>
internal static class SnapshotJson
{
    private static readonly JsonSerializerOptions Indented = new(MatchTableJson.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Snapshot snapshot) => new JsonObject
    {
        ["pools"] = Map(snapshot.Pools, pool => Write(pool.Table)),
        ["statuses"] = Map(snapshot.Statuses.ToDictionary(status => status.Key.ToString(), status => status.Value), status =>
        {
            var node = Node(status)!.AsObject();
            node.Remove("key");
            // As long as everything else together, and the same in every case.
            node.Remove("supportedFeatures");
            Shorten(node);
            return node;
        }),
    }.ToJsonString(Indented) + "\n";

    private static JsonObject Write(MatchTable table)
    {
        var tables = new JsonObject
        {
            ["listeners"] = Map(table.Listeners, Node),
            ["hosts"] = Map(table.Hosts, Node),
            ["backends"] = Map(table.Backends, Node),
        };
        if (table.Certificates.Count > 0)
            tables["certificates"] = Map(table.Certificates, certificate => $"key {certificate.KeyFingerprint}, {certificate.ChainPem.Split("BEGIN").Length - 1} in the chain");
        if (table.Challenges.Count > 0)
            tables["challenges"] = Map(table.Challenges, Node);
        return tables;
    }

    // A condition on one line: Type=Status/Reason@generation: message.
    private static void Shorten(JsonNode? node)
    {
        if (node is JsonObject owner)
        {
            foreach (var (name, value) in owner.ToArray())
            {
                if (name == "conditions")
                    owner[name] = new JsonArray([.. value!.AsArray().Select(condition => (JsonNode)Line(condition!))]);
                else
                    Shorten(value);
            }
        }
        foreach (var item in node as JsonArray ?? [])
            Shorten(item);
    }

    private static string Line(JsonNode condition) =>
        $"{condition["type"]}={condition["status"]}/{condition["reason"]}@{condition["observedGeneration"]}: {condition["message"]}";

    private static JsonObject Map<T>(IReadOnlyDictionary<string, T> map, Func<T, JsonNode?> write) =>
        new(map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, write(entry.Value))));

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, Indented);
}
