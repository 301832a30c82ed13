using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Planning;

/// <summary>
/// Finds where an object lacks what an intent says. Members that the intent does not speak of are others' business, but for lists that are
/// one value: there is no room for others in them.
/// </summary>
internal sealed class Comparison
{
    private readonly List<FieldPath> _differences = [];
    private readonly ObjectKey _key;

    private Comparison(ObjectKey key) => _key = key;

    /// <summary>The differing places; empty: the object has all that the intent says.</summary>
    public static IReadOnlyList<FieldPath> Between(ObjectKey key, JsonObject manifest, JsonObject observed)
    {
        var comparison = new Comparison(key);
        foreach (var (name, wanted) in manifest)
        {
            if (name is "apiVersion" or "kind" or "status")
                continue;
            var path = FieldPath.Root.Member(name);
            if (name != "metadata")
                comparison.Compare(path, wanted, observed[name]);
            else
                comparison.CompareMetadata(path, wanted as JsonObject, observed[name] as JsonObject);
        }
        return comparison._differences;
    }

    private void CompareMetadata(FieldPath path, JsonObject? wanted, JsonObject? observed)
    {
        foreach (var name in (string[])["labels", "annotations"])
            Compare(path.Member(name), wanted?[name], observed?[name]);
    }

    private void Compare(FieldPath path, JsonNode? wanted, JsonNode? observed)
    {
        if (IsNothing(wanted))
        {
            if (wanted is JsonArray && !IsNothing(observed))
                _differences.Add(path);
            return;
        }
        switch (wanted, observed)
        {
            case (JsonObject some, JsonObject other):
                CompareMembers(path, some, other);
                break;
            case (JsonArray some, JsonArray other) when KeysOf(path) is { } keys:
                CompareEntries(path, keys, some, other);
                break;
            case (JsonArray some, JsonArray other):
                CompareExactly(path, some, other);
                break;
            default:
                if (!JsonNode.DeepEquals(wanted, observed))
                    _differences.Add(path);
                break;
        }
    }

    private void CompareMembers(FieldPath path, JsonObject wanted, JsonObject observed)
    {
        if (IsOneValue(path))
        {
            CompareExactly(path, wanted, observed);
            return;
        }
        foreach (var (name, value) in wanted)
            Compare(path.Member(name), value, observed[name]);
    }

    private void CompareEntries(FieldPath path, string[] keys, JsonArray wanted, JsonArray observed)
    {
        foreach (var entry in wanted.OfType<JsonObject>())
        {
            var found = observed.OfType<JsonObject>().FirstOrDefault(other => keys.All(key => JsonNode.DeepEquals(KeyOf(entry, key), KeyOf(other, key))));
            var here = path.Entry(keys.ToDictionary(static key => key, key => KeyOf(entry, key)));
            if (found is null)
                _differences.Add(here);
            else
                Compare(here, entry, found);
        }
    }

    private void CompareExactly(FieldPath path, JsonNode? wanted, JsonNode? observed)
    {
        if (IsNothing(wanted) && IsNothing(observed))
            return;
        switch (wanted, observed)
        {
            case (JsonObject some, JsonObject other):
                foreach (var name in some.Select(static pair => pair.Key).Union(other.Select(static pair => pair.Key)))
                    CompareExactly(path.Member(name), some[name], other[name]);
                break;
            case (JsonArray some, JsonArray other):
                for (var i = 0; i < Math.Max(some.Count, other.Count); i++)
                    CompareExactly(path.At(i), i < some.Count ? some[i] : null, i < other.Count ? other[i] : null);
                break;
            default:
                if (!JsonNode.DeepEquals(wanted, observed))
                    _differences.Add(path);
                break;
        }
    }

    // Which lists are maps, and by what: x-kubernetes-list-map-keys of Gateway API's CRDs, and core's Service.
    private string[]? KeysOf(FieldPath path) => (_key.Kind, LastOf(path, 1), LastOf(path, 2)) switch
    {
        ("Gateway" or "ListenerSet", "listeners", "spec") => ["name"],
        ("Gateway", "perPort", "frontend") => ["port"],
        ("Service", "ports", "spec") => ["port", "protocol"],
        _ => null,
    };

    // Label selectors are x-kubernetes-map-type: atomic.
    private bool IsOneValue(FieldPath path) => _key.Kind is "Gateway" or "ListenerSet" && LastOf(path, 1) == "selector";

    private static string? LastOf(FieldPath path, int fromEnd) => path.Steps.Count >= fromEnd ? path.Steps[^fromEnd].Member : null;

    private static JsonNode? KeyOf(JsonObject entry, string key) => entry[key] ?? (key == "protocol" ? JsonValue.Create("TCP") : null);

    // Servers leave out what is empty.
    private static bool IsNothing(JsonNode? node) =>
        node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } || node.GetValueKind() == JsonValueKind.Null;
}
