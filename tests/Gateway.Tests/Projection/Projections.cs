using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Tests.Compilation;

namespace Gatehouse.Gateway.Tests.Projection;

/// <summary>Projects test inputs, and writes what comes of them for people to read.</summary>
internal static class Projections
{
    public const string Bootstrap = """
        kind: Cluster
        metadata: {name: eu1}
        spec: {inCluster: true}
        ---
        kind: GatewayClass
        metadata: {name: edge}
        spec: {controllerName: gatehouse.dev/gateway-controller, target: {type: Kubernetes, cluster: eu1, gatewayClassName: envoy}, tenantGateways: {ports: [80, 443, 5432, 5353]}}
        ---
        kind: Gateway
        metadata: {name: default, namespace: platform}
        spec: {gatewayClassName: edge, listeners: [{name: http, port: 80, protocol: HTTP}], allowedListeners: {namespaces: {from: All}}}

        """;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Current = ["GatewayClass", "Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ReferenceGrant", "BackendTLSPolicy"];
    private static readonly string[] Old = ["GatewayClass", "Gateway", "HTTPRoute", "GRPCRoute"];

    /// <summary>A cluster with the current CRDs.</summary>
    public static ProjectionInput Input(string channel = "standard", bool listenerSets = true, string bundle = "v1.6.1") => new()
    {
        Cluster = "eu1",
        ClusterId = new Guid("00000000-0000-0000-0000-000000000001"),
        Capabilities = new ClusterCapabilities
        {
            Versions = (bundle == "v1.6.1" ? Current : Old).ToDictionary(kind => kind, kind => (IReadOnlyList<string>)["v1"])
                .Concat(bundle == "v1.6.1" ? [] : [KeyValuePair.Create("ReferenceGrant", (IReadOnlyList<string>)["v1beta1"])]).ToDictionary(),
            Channel = channel,
            BundleVersion = bundle,
            Classes = new Dictionary<string, IReadOnlySet<string>> { ["envoy"] = listenerSets ? new HashSet<string> { "ListenerSet" } : new HashSet<string>() },
        },
    };

    public static (Snapshot Snapshot, ClusterProjection Projection) Project(string yaml, ProjectionInput? input = null)
    {
        var snapshot = TestInputs.Compile(Bootstrap + "---\n" + yaml);
        return (snapshot, ClusterProjector.Project(snapshot.Resolved, input ?? Input()));
    }

    public static string Write(ClusterProjection projection) => new JsonObject
    {
        ["objects"] = new JsonArray([.. projection.Objects.Select(Shorten)]),
        ["problems"] = new JsonArray([.. projection.Problems.Select(problem => (JsonNode)$"{problem.Source}: {problem.Severity} {problem.Reason}: {problem.Message}")]),
        ["shards"] = JsonSerializer.SerializeToNode(projection.Shards.Scopes),
        ["gatewaysOf"] = new JsonArray([.. projection.GatewaysOf.Select(entry => (JsonNode)$"{entry.Key}: {string.Join(", ", entry.Value)}")]),
        ["names"] = JsonSerializer.SerializeToNode(projection.Names),
        ["sources"] = new JsonArray([.. projection.Sources.Keys.Order().Select(key => (JsonNode)key.ToString())]),
    }.ToJsonString(Indented) + "\n";

    // Marks that are the same everywhere are left out; a test of its own looks at them.
    private static JsonNode Shorten(ProjectedObject projected)
    {
        var manifest = projected.Manifest.DeepClone().AsObject();
        var metadata = manifest["metadata"]!.AsObject();
        var labels = metadata["labels"]!.AsObject();
        labels.Remove(ObjectMarks.ManagedBy);
        labels.Remove(ObjectMarks.Owner);
        metadata["annotations"]!.AsObject().Remove(ObjectMarks.Hash);
        if (manifest["data"] is JsonObject data)
            manifest["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)"…")));
        string?[] notes = [projected.RepairsDrift ? null : "reports drift", projected.ExternalWeights ? "external weights" : null, projected.PrivateKeyOf is { } key ? $"private key of {key}" : null];
        if (string.Join(", ", notes.OfType<string>()) is { Length: > 0 } text)
            manifest["#"] = text;
        return manifest;
    }
}
