using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>Objects as a projection would make them.</summary>
internal static class HandMade
{
    private const string Group = "gateway.networking.k8s.io/v1";

    public static ResourceKey RouteKey(string name, string tenant = "shop") => new(ResourceKind.HttpRoute, tenant, name);

    public static ProjectedObject Object(Guid owner, string apiVersion, string kind, string? ns, string name, ResourceKey source, JsonObject content, string tenant = "shop")
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
            metadata["namespace"] = ns;
        metadata["labels"] = new JsonObject { [ObjectMarks.ManagedBy] = ObjectMarks.FieldManager, [ObjectMarks.Owner] = owner.ToString(), [ObjectMarks.Tenant] = tenant };
        metadata["annotations"] = new JsonObject { [ObjectMarks.Source] = source.ToString() };
        if ((string?)content["fingerprint"] is { } fingerprint)
        {
            metadata["annotations"]!["gatehouse.dev/key-fingerprint"] = fingerprint;
            content.Remove("fingerprint");
        }
        var manifest = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
        foreach (var (member, value) in content)
            manifest[member] = value?.DeepClone();
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(manifest)));
        metadata["annotations"]![ObjectMarks.Hash] = hash;
        return new ProjectedObject { Id = new ProjectedId(apiVersion, kind, ns, name), Manifest = manifest, Source = source, SourceGeneration = 1, Hash = hash };
    }

    public static ProjectedObject Namespace(Guid owner, string name) =>
        Object(owner, "v1", "Namespace", null, name, new ResourceKey(ResourceKind.ClusterNamespace, ResourceKind.PlatformTenant, $"c.{name}"), []);

    public static ProjectedObject ConfigMap(Guid owner, string ns, string name, string value = "1", string tenant = "shop") =>
        Object(owner, "v1", "ConfigMap", ns, name, new ResourceKey(ResourceKind.ConfigMap, tenant, name), new JsonObject { ["data"] = new JsonObject { ["value"] = value } }, tenant);

    public static ProjectedObject Gateway(Guid owner, string ns, string name, params string[] listeners) => Object(owner, Group, "Gateway", ns, name, new ResourceKey(ResourceKind.Gateway, "platform", name), new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["gatewayClassName"] = "test",
            ["listeners"] = new JsonArray([.. listeners.Select((listener, index) => (JsonNode)new JsonObject
            {
                ["name"] = listener, ["port"] = 8000 + index, ["protocol"] = "HTTP",
                ["allowedRoutes"] = new JsonObject { ["namespaces"] = new JsonObject { ["from"] = "All" } },
            })]),
        },
    });

    /// <summary>A route with all defaults written out.</summary>
    public static ProjectedObject Route(Guid owner, string ns, string name, string path = "/", int weight = 1, int otherWeight = 0) => Object(owner, Group, "HTTPRoute", ns, name, RouteKey(name), new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["parentRefs"] = new JsonArray(new JsonObject { ["group"] = "gateway.networking.k8s.io", ["kind"] = "Gateway", ["name"] = "web" }),
            ["hostnames"] = new JsonArray($"{name}.example.com"),
            ["rules"] = new JsonArray(new JsonObject
            {
                ["name"] = "main",
                ["matches"] = new JsonArray(new JsonObject { ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = path } }),
                ["backendRefs"] = new JsonArray(Backend("v1", weight), Backend("v2", otherWeight)),
            }),
        },
    });

    private static JsonObject Backend(string name, int weight) => new() { ["group"] = "", ["kind"] = "Service", ["name"] = name, ["port"] = 80, ["weight"] = weight };

    public static ProjectedObject With(this ProjectedObject one, bool repairs = true, bool externalWeights = false, ResourceKey? privateKeyOf = null) => new()
    {
        Id = one.Id, Manifest = one.Manifest, Source = one.Source, SourceGeneration = one.SourceGeneration, Hash = one.Hash,
        RepairsDrift = repairs, ExternalWeights = externalWeights, PrivateKeyOf = privateKeyOf,
    };
}
