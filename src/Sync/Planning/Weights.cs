using System.Text.Json.Nodes;

namespace Gatehouse.Sync.Planning;

/// <summary>
/// Weights of backendRefs that another controller moves: <c>rules</c> is one value for server-side apply, so whoever writes a route writes
/// the weights too, and has to write those that are there.
/// </summary>
internal static class Weights
{
    /// <summary>The manifest with the weights of an observed object; what has no counterpart there keeps its own.</summary>
    public static JsonObject ReadBack(JsonObject manifest, JsonObject observed)
    {
        var result = (JsonObject)manifest.DeepClone();
        var theirs = RulesOf(observed);
        var index = 0;
        foreach (var rule in RulesOf(result))
        {
            if (Counterpart(rule, index++, theirs) is not { } other)
                continue;
            var others = RefsOf(other);
            foreach (var reference in RefsOf(rule))
            {
                if (others.Find(candidate => IdentityOf(candidate) == IdentityOf(reference)) is { } found)
                    reference["weight"] = found["weight"]?.DeepClone() ?? JsonValue.Create(1);
            }
        }
        return result;
    }

    /// <summary>The weights of an object, by rule, in the order of backendRefs.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Of(JsonObject json) =>
        [.. RulesOf(json).Select(static rule => (IReadOnlyList<int>)[.. RefsOf(rule).Select(static reference => reference["weight"]?.GetValue<int>() ?? 1)])];

    private static JsonObject? Counterpart(JsonObject rule, int index, List<JsonObject> others)
    {
        if (rule["name"]?.GetValue<string>() is { } name)
            return others.Find(other => other["name"]?.GetValue<string>() == name);
        return index < others.Count ? others[index] : null;
    }

    private static (string, string, string, string, int) IdentityOf(JsonObject reference) => (
        reference["group"]?.GetValue<string>() ?? "",
        reference["kind"]?.GetValue<string>() ?? "Service",
        reference["namespace"]?.GetValue<string>() ?? "",
        reference["name"]?.GetValue<string>() ?? "",
        reference["port"]?.GetValue<int>() ?? 0);

    private static List<JsonObject> RulesOf(JsonObject json) => [.. (json["spec"]?["rules"] as JsonArray ?? []).OfType<JsonObject>()];

    private static List<JsonObject> RefsOf(JsonObject rule) => [.. (rule["backendRefs"] as JsonArray ?? []).OfType<JsonObject>()];
}
