using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Sync.Reporting;

/// <summary>Reads what controllers wrote into an object's status. Whatever they wrote: what has another shape is passed over.</summary>
internal static class ObservedStatus
{
    private const int LongestMessage = 1_024;

    public static ReportedClass ClassOf(JsonObject json) => new(
        Text(json["metadata"]?["name"]),
        Text(json["spec"]?["controllerName"]),
        ConditionsOf(json["status"]),
        json["status"]?["supportedFeatures"] is JsonArray features
            ? [.. features.Select(static feature => feature is JsonObject named ? Text(named["name"]) : Text(feature)).Where(static name => name.Length > 0).Order(StringComparer.Ordinal)]
            : null);

    /// <summary>Parents of a route, or ancestors of a policy; null: the kind has none.</summary>
    public static IReadOnlyList<ReportedParent>? ParentsOf(string kind, JsonObject json)
    {
        var (list, reference) = kind.EndsWith("Route", StringComparison.Ordinal) ? ("parents", "parentRef") : ("ancestors", "ancestorRef");
        if (list == "ancestors" && kind != ResourceKind.BackendTlsPolicy)
            return null;
        return [.. ObjectsOf(json["status"]?[list]).Select(parent => new ReportedParent(ReferenceOf(parent[reference]), Text(parent["controllerName"]), ConditionsOf(parent)))];
    }

    /// <summary>Conditions of the object itself; null: the kind has none.</summary>
    public static IReadOnlyList<ReportedCondition>? ConditionsOf(string kind, JsonObject json) =>
        kind is ResourceKind.Gateway or ResourceKind.ListenerSet ? ConditionsOf(json["status"]) : null;

    public static IReadOnlyList<ReportedListener>? ListenersOf(string kind, JsonObject json) => kind is ResourceKind.Gateway or ResourceKind.ListenerSet
        ? [.. ObjectsOf(json["status"]?["listeners"]).Select(static listener => new ReportedListener(Text(listener["name"]), (int)(Number(listener["attachedRoutes"]) ?? 0), ConditionsOf(listener)))]
        : null;

    public static IReadOnlyList<GatewaySpecAddress>? AddressesOf(string kind, JsonObject json) => kind == ResourceKind.Gateway
        ? [.. ObjectsOf(json["status"]?["addresses"]).Select(static address => new GatewaySpecAddress { Type = TextOrNull(address["type"]) ?? "IPAddress", Value = Text(address["value"]) })]
        : null;

    /// <summary>The parents that a route's manifest names; null: the kind has none.</summary>
    public static IReadOnlyList<ParentReference>? ParentRefsOf(string kind, JsonObject? manifest) =>
        manifest is not null && kind.EndsWith("Route", StringComparison.Ordinal) ? [.. ObjectsOf(manifest["spec"]?["parentRefs"]).Select(ReferenceOf)] : null;

    /// <summary>The class that a Gateway's manifest names; null: the kind has none.</summary>
    public static string? ClassNameOf(string kind, JsonObject? manifest) => kind == ResourceKind.Gateway ? TextOrNull(manifest?["spec"]?["gatewayClassName"]) : null;

    private static IReadOnlyList<ReportedCondition> ConditionsOf(JsonNode? holder) =>
        [.. ObjectsOf((holder as JsonObject)?["conditions"]).Select(static condition => new ReportedCondition(
            Text(condition["type"]), Text(condition["status"]), Text(condition["reason"]), Cut(Text(condition["message"])), Number(condition["observedGeneration"])))];

    private static ParentReference ReferenceOf(JsonNode? node) => new()
    {
        Group = TextOrNull(node?["group"]),
        Kind = TextOrNull(node?["kind"]),
        Namespace = TextOrNull(node?["namespace"]),
        Name = Text(node?["name"]),
        SectionName = TextOrNull(node?["sectionName"]),
        Port = (int?)Number(node?["port"]),
    };

    private static IEnumerable<JsonObject> ObjectsOf(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static string Text(JsonNode? node) => TextOrNull(node) ?? "";

    private static string? TextOrNull(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static string Cut(string text) => text.Length <= LongestMessage ? text : text[..LongestMessage];
}
