using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Sync.Observing;

/// <summary>What is kept of a CustomResourceDefinition of Gateway API: definitions themselves are large.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Versions">Served versions, best first.</param>
/// <param name="Bundle">Bundle version, such as <c>v1.6.1</c>.</param>
/// <param name="Channel">standard or experimental.</param>
/// <param name="Fields">Fields of the best version.</param>
internal sealed record InstalledKind(string Kind, IReadOnlyList<string> Versions, string Bundle, string Channel, IReadOnlySet<string> Fields)
{
    private const string Group = "gateway.networking.k8s.io";

    /// <summary>Reads a definition; null: it is of another group.</summary>
    public static InstalledKind? Of(JsonObject definition)
    {
        if (Text(definition["spec"]?["group"]) != Group)
            return null;
        var versions = (definition["spec"]?["versions"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(static version => version["served"]?.GetValueKind() == JsonValueKind.True)
            .Select(static version => Text(version["name"])).Order(ApiVersions.BestFirst).ToList();
        var annotations = definition["metadata"]?["annotations"];
        return new InstalledKind(
            Text(definition["spec"]?["names"]?["kind"]),
            versions,
            Text(annotations?["gateway.networking.k8s.io/bundle-version"]),
            Text(annotations?["gateway.networking.k8s.io/channel"]),
            versions.Count > 0 ? CustomResourceFields.Of(definition, versions[0]) : new HashSet<string>());
    }

    public bool Equals(InstalledKind? other) =>
        other is not null && Kind == other.Kind && Bundle == other.Bundle && Channel == other.Channel && Versions.SequenceEqual(other.Versions, StringComparer.Ordinal) && Fields.SetEquals(other.Fields);

    public override int GetHashCode() => HashCode.Combine(Kind, Bundle, Channel, Versions.Count);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
