using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Tasks;

/// <summary>
/// What already runs in Namespaces and is not ours, of all Namespaces but Kubernetes' own where none are named. Request:
/// <c>{namespaces?: []}</c>; answer: <c>{apiVersion: v1, kind: List, items: [manifests]}</c>. Secrets are not among them.
/// </summary>
internal sealed class SurveyTask : IClusterTaskHandler
{
    private static readonly string[] GatewayKinds = ["Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ReferenceGrant", "BackendTLSPolicy"];

    private static readonly (string ApiVersion, string Kind)[] OtherKinds = [("networking.k8s.io/v1", "Ingress"), ("v1", "Service"), ("discovery.k8s.io/v1", "EndpointSlice")];

    public async Task<object> RunAsync(JsonElement request, SessionParts parts, SessionView view, CancellationToken cancellationToken)
    {
        IReadOnlyList<string?> namespaces = request.TryGetProperty("namespaces", out var given) && given.ValueKind == JsonValueKind.Array && given.GetArrayLength() > 0
            ? [.. given.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()).Distinct(StringComparer.Ordinal)]
            : [null];
        var (owner, served) = await view.AskAsync(static state => (state.Book.Owner, state.Findings.Versions), cancellationToken);
        var wanted = GatewayKinds.Where(served.ContainsKey).Select(kind => ($"{WatchKinds.GatewayGroup}/{served[kind][0]}", kind)).Concat(OtherKinds);
        var items = new List<JsonObject>();
        foreach (var (apiVersion, name) in wanted)
        {
            if (await parts.Api.FindKindAsync(apiVersion, name, cancellationToken) is not { } kind)
                continue;
            foreach (var ns in namespaces)
                items.AddRange((await parts.Api.ListAsync(kind, ns, null, cancellationToken)).Items.Where(json => !ObservedObject.Of(json).IsMarked(owner) && !(ns is null && IsKubernetesOwn(json))).Select(json => Manifest(kind, json)));
        }
        view.LookForRivals();
        return new Answer("v1", "List", items);
    }

    private static bool IsKubernetesOwn(JsonObject json) =>
        json["metadata"]?["namespace"]?.GetValue<string>() is { } ns && ns.StartsWith("kube-", StringComparison.Ordinal);

    private static JsonObject Manifest(ApiKind kind, JsonObject json)
    {
        json.Remove("status");
        (json["metadata"] as JsonObject)?.Remove("managedFields");
        json["apiVersion"] = kind.ApiVersion;
        json["kind"] = kind.Kind;
        return json;
    }

    private sealed record Answer(string ApiVersion, string Kind, IReadOnlyList<JsonObject> Items);
}
