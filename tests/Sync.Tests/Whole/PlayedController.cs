using System.Globalization;
using System.Text.Json.Nodes;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>Writes the status that a controller writes which finds everything well, at the present generation.</summary>
internal static class PlayedController
{
    private const string Group = "gateway.networking.k8s.io/v1";
    private const string Name = "example.test/controller";

    public static async Task AcceptClassAsync(WholeFixture whole)
    {
        var found = (await whole.Cluster.GetAsync(Group, "GatewayClass", null, whole.ClassName))!;
        await whole.Cluster.PatchStatusAsync(Group, "GatewayClass", null, whole.ClassName, new JsonObject { ["conditions"] = Conditions(GenerationOf(found), "Accepted") });
    }

    /// <summary>Accepts a shared Gateway and gives it an address.</summary>
    public static async Task AcceptGatewayAsync(WholeFixture whole, string name, string address)
    {
        var gateway = await whole.FindAsync("Gateway", whole.GatewayNamespace, name);
        var generation = GenerationOf(gateway);
        var listeners = gateway["spec"]!["listeners"]!.AsArray().Select(listener => (JsonNode)new JsonObject
        {
            ["name"] = (string)listener!["name"]!,
            ["attachedRoutes"] = 1,
            ["supportedKinds"] = new JsonArray(),
            ["conditions"] = Conditions(generation, "Accepted", "ResolvedRefs", "Programmed"),
        });
        await whole.Cluster.PatchStatusAsync(Group, "Gateway", whole.GatewayNamespace, name, new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["type"] = "IPAddress", ["value"] = address }),
            ["conditions"] = Conditions(generation, "Accepted", "Programmed"),
            ["listeners"] = new JsonArray([.. listeners]),
        });
    }

    /// <summary>Accepts a route at all its parents, once it is there in what must be a later generation.</summary>
    public static async Task<long> AcceptRouteAsync(WholeFixture whole, string tenant, string name, long after = 0)
    {
        JsonObject route = [];
        await WholeFixture.UntilAsync(async () => GenerationOf(route = await whole.RouteAsync(tenant, name)) > after, string.Create(CultureInfo.InvariantCulture, $"{name} has a generation after {after}"));
        var generation = GenerationOf(route);
        var parents = route["spec"]!["parentRefs"]!.AsArray().Select(parent => (JsonNode)new JsonObject
        {
            ["parentRef"] = parent!.DeepClone(),
            ["controllerName"] = Name,
            ["conditions"] = Conditions(generation, "Accepted", "ResolvedRefs"),
        });
        await whole.Cluster.PatchStatusAsync(Group, "HTTPRoute", whole.NamespaceOf(tenant), name, new JsonObject { ["parents"] = new JsonArray([.. parents]) });
        return generation;
    }

    private static long GenerationOf(JsonObject found) => found["metadata"]?["generation"]?.GetValue<long>() ?? 0;

    private static JsonArray Conditions(long generation, params string[] types) => new([.. types.Select(type => (JsonNode)new JsonObject
    {
        ["type"] = type,
        ["status"] = "True",
        ["reason"] = type,
        ["message"] = "",
        ["observedGeneration"] = generation,
        ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
    })]);
}
