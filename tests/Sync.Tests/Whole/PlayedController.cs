using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Tests.Harness;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>A Gateway controller as far as it writes status: it says of an object what a test wants, at the object's present generation.</summary>
internal sealed class PlayedController(TestCluster cluster)
{
    public const string Name = "example.test/controller";

    private const string Api = "gateway.networking.k8s.io/v1";

    /// <summary>Takes a GatewayClass.</summary>
    public async Task TakeClassAsync(string name, params string[] features)
    {
        var json = (await cluster.GetAsync(Api, "GatewayClass", null, name))!;
        await cluster.PatchStatusAsync(Api, "GatewayClass", null, name, new JsonObject
        {
            ["conditions"] = new JsonArray(Condition("Accepted", GenerationOf(json))),
            ["supportedFeatures"] = new JsonArray([.. features.Order(StringComparer.Ordinal).Select(static feature => new JsonObject { ["name"] = feature })]),
        });
    }

    /// <summary>Serves a Gateway or ListenerSet with all its listeners; those of HTTPS only once the Secrets that they name are there.</summary>
    public async Task ServeAsync(string kind, string ns, string name, string? refusal = null, string address = "192.0.2.77")
    {
        var json = (await cluster.GetAsync(Api, kind, ns, name))!;
        var generation = GenerationOf(json);
        var lacking = new HashSet<string>(StringComparer.Ordinal);
        foreach (var listener in json["spec"]!["listeners"]!.AsArray())
        {
            foreach (var secret in listener!["tls"]?["certificateRefs"]?.AsArray() ?? [])
            {
                if (await cluster.GetAsync("v1", "Secret", (string?)secret!["namespace"] ?? ns, (string)secret["name"]!) is null)
                    lacking.Add((string)listener["name"]!);
            }
        }
        var status = new JsonObject
        {
            ["conditions"] = new JsonArray(Condition("Accepted", generation), Condition("Programmed", generation, refusal)),
            ["listeners"] = new JsonArray([.. json["spec"]!["listeners"]!.AsArray().Select(listener => new JsonObject
            {
                ["name"] = (string?)listener!["name"],
                ["attachedRoutes"] = 1,
                ["supportedKinds"] = new JsonArray(new JsonObject { ["group"] = "gateway.networking.k8s.io", ["kind"] = "HTTPRoute" }),
                ["conditions"] = new JsonArray(Condition("Accepted", generation), Condition("Programmed", generation), Condition("ResolvedRefs", generation, lacking.Contains((string)listener["name"]!) ? "InvalidCertificateRef" : null)),
            })]),
        };
        if (kind == "Gateway")
            status["addresses"] = new JsonArray(new JsonObject { ["type"] = "IPAddress", ["value"] = address });
        await cluster.PatchStatusAsync(Api, kind, ns, name, status);
    }

    /// <summary>Attaches a route to all its parents, or refuses it.</summary>
    public async Task AttachAsync(string kind, string ns, string name, string? refusal = null)
    {
        var json = (await cluster.GetAsync(Api, kind, ns, name))!;
        var generation = GenerationOf(json);
        await cluster.PatchStatusAsync(Api, kind, ns, name, new JsonObject
        {
            ["parents"] = new JsonArray([.. json["spec"]!["parentRefs"]!.AsArray().Select(parent => new JsonObject
            {
                ["parentRef"] = parent!.DeepClone(),
                ["controllerName"] = Name,
                ["conditions"] = new JsonArray(Condition("Accepted", generation, refusal), Condition("ResolvedRefs", generation)),
            })]),
        });
    }

    /// <summary>Attaches an HTTPRoute once it is there in a later generation, which is returned.</summary>
    public async Task<long> AttachLaterAsync(string ns, string name, long after = 0)
    {
        var generation = 0L;
        await WholeFixture.UntilAsync(
            async () => (generation = await cluster.GetAsync(Api, "HTTPRoute", ns, name) is { } route ? GenerationOf(route) : 0) > after,
            string.Create(CultureInfo.InvariantCulture, $"{name} has a generation after {after}"));
        await AttachAsync("HTTPRoute", ns, name);
        return generation;
    }

    private static long GenerationOf(JsonObject json) => json["metadata"]!["generation"]!.GetValue<long>();

    private static JsonObject Condition(string type, long generation, string? refusal = null) => new()
    {
        ["type"] = type,
        ["status"] = refusal is null ? "True" : "False",
        ["reason"] = refusal ?? type,
        ["message"] = "",
        ["observedGeneration"] = generation,
        ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
    };
}
