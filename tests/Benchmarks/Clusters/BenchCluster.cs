using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;

namespace Gatehouse.Benchmarks.Clusters;

/// <summary>The disposable cluster, as a raw client sees it. What a run leaves in it is in Namespaces of its own, deleted at its end.</summary>
internal sealed class BenchCluster(IKubernetesApi api) : IAsyncDisposable
{
    public const string Class = "gatehouse-bench";

    private static readonly ApplyOptions Other = new("kubectl-edit", Force: true);

    private readonly string _run = Guid.NewGuid().ToString("N")[..6];
    private ApiKind _route = null!;

    public string Name => "bench" + _run;

    public string Prefix => $"b{_run}-";

    private string Namespace => Prefix + "bench";

    private string RawNamespace => Prefix + "raw";

    public static async Task<BenchCluster> OpenAsync(string kubeconfig)
    {
        var api = (KubernetesApi)new KubernetesClients(new KubernetesClientOptions()).FromText(await File.ReadAllTextAsync(kubeconfig), null, KubeconfigRules.Operator);
        var cluster = new BenchCluster(api) { _route = (await api.FindKindAsync("gateway.networking.k8s.io/v1", "HTTPRoute", default))! };
        var kind = (await api.FindKindAsync("gateway.networking.k8s.io/v1", "GatewayClass", default))!;
        var head = $$"""{"apiVersion":"gateway.networking.k8s.io/v1","kind":"GatewayClass","metadata":{"name":"{{Class}}"}""";
        await api.ApplyAsync(kind, null, Class, Utf8(head + ""","spec":{"controllerName":"example.com/bench"}}"""), Other, default);
        await api.ApplyStatusAsync(kind, null, Class, Utf8(head + ""","status":{"supportedFeatures":[{"name":"ListenerSet"}],"conditions":[]}}"""), Other, default);
        await cluster.ApplyAsync("v1", "Namespace", null, cluster.RawNamespace, "");
        return cluster;
    }

    /// <summary>Manifest of a route with one backend.</summary>
    public static string Route(string name, string ns, string host, string path, int weight) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}" },"spec":{"hostnames":["{{{host}}}"],"rules":[{"matches":[{"path":{"type":"PathPrefix","value":"{{{path}}}"}}],"backendRefs":[{"kind":"Service","name":"web","port":80,"weight":{{{weight}}} }]}]}}""");

    /// <summary>Applies the manifests of a kind in another Namespace, 8 at once and nothing else.</summary>
    public async Task<(int Count, TimeSpan Took)> ApplyRawAsync(IEnumerable<JsonObject> manifests, string kind)
    {
        var work = new ConcurrentQueue<(string Name, byte[] Bytes)>(manifests.Where(manifest => (string)manifest["kind"]! == kind).Select(manifest =>
        {
            var copy = (JsonObject)manifest.DeepClone();
            copy["metadata"]!["namespace"] = RawNamespace;
            copy["metadata"]!["labels"] = new JsonObject();
            return ((string)copy["metadata"]!["name"]!, Encoding.UTF8.GetBytes(copy.ToJsonString()));
        }));
        var count = work.Count;
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (work.TryDequeue(out var item))
                await api.ApplyAsync(_route, RawNamespace, item.Name, item.Bytes, new ApplyOptions("raw-loop"), default);
        }));
        return (count, Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Weight of the first backend of a route.</summary>
    public async Task<int?> WeightAsync(string route) => (int?)(await api.GetAsync(_route, Namespace, route, default))?["spec"]?["rules"]?[0]?["backendRefs"]?[0]?["weight"];

    /// <summary>Somebody else changes a weight.</summary>
    public async Task DisturbAsync(string route)
    {
        var present = (await api.GetAsync(_route, Namespace, route, default))!;
        var rules = present["spec"]!["rules"]!.DeepClone();
        rules[0]!["backendRefs"]![0]!["weight"] = 77;
        await ApplyAsync(_route.ApiVersion, "HTTPRoute", Namespace, route, $$$""","spec":{"rules":{{{rules.ToJsonString()}}} }""");
    }

    /// <summary>Resource versions of our routes.</summary>
    public async Task<HashSet<string>> VersionsAsync() =>
        [.. (await api.ListAsync(_route, Namespace, null, default)).Items.Select(static item => $"{item["metadata"]!["name"]} {item["metadata"]!["resourceVersion"]}")];

    public async ValueTask DisposeAsync()
    {
        var kind = (await api.FindKindAsync("v1", "Namespace", default))!;
        foreach (var ns in new[] { Namespace, RawNamespace, Prefix + "platform" })
            await api.DeleteAsync(kind, null, ns, null, null, default);
        await api.DisposeAsync();
    }

    private async Task ApplyAsync(string apiVersion, string kind, string? ns, string name, string rest)
    {
        var found = (await api.FindKindAsync(apiVersion, kind, default))!;
        var place = ns is null ? "" : $",\"namespace\":\"{ns}\"";
        await api.ApplyAsync(found, ns, name, Utf8($$$"""{"apiVersion":"{{{apiVersion}}}","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}"{{{place}}} }{{{rest}}} }"""), Other, default);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
