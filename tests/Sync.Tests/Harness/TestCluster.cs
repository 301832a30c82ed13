using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;

namespace Gatehouse.Sync.Tests.Harness;

/// <summary>The cluster of GATEHOUSE_TEST_KUBECONFIG, with what people and controllers do to it. Namespaces that it made go when it goes.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>A manager that is none of ours, as <c>kubectl edit</c> names itself.</summary>
    public const string Stranger = "kubectl-edit";

    private static int _namespaces;
    private readonly List<string> _made = [];

    private TestCluster(IKubernetesApi api) => Api = api;

    /// <summary>Path of the kubeconfig; null: there is none.</summary>
    public static string? KubeconfigPath =>
        Environment.GetEnvironmentVariable("GATEHOUSE_TEST_KUBECONFIG") is { Length: > 0 } path ? path : null;

    /// <summary>A client of the whole cluster's admin.</summary>
    public IKubernetesApi Api { get; }

    /// <summary>Connects.</summary>
    public static async Task<TestCluster> ConnectAsync(KubernetesClientOptions? options = null) => new(await ClientAsync(options));

    /// <summary>Another client of the same cluster.</summary>
    public static Task<IKubernetesApi> ClientAsync(KubernetesClientOptions? options = null) => new KubernetesClients(options ?? new KubernetesClientOptions()).FromFilesAsync(
        [KubeconfigPath ?? throw new InvalidOperationException("Set GATEHOUSE_TEST_KUBECONFIG: this test needs a Kubernetes API.")], null, KubeconfigRules.Operator, CancellationToken.None);

    /// <summary>A kind that must be served.</summary>
    public async Task<ApiKind> KindAsync(string apiVersion, string kind) =>
        await Api.FindKindAsync(apiVersion, kind, CancellationToken.None) ?? throw new InvalidOperationException($"The test cluster does not serve {kind} in {apiVersion}.");

    /// <summary>A new namespace with a name of its own.</summary>
    public async Task<string> CreateNamespaceAsync(string prefix = "test")
    {
        var name = $"{prefix}-{Environment.ProcessId}-{Interlocked.Increment(ref _namespaces)}-{Guid.NewGuid().ToString("n")[..6]}";
        await ApplyAsync(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });
        _made.Add(name);
        return name;
    }

    /// <summary>Applies an object as another manager, taking the fields that it names.</summary>
    /// <param name="manifest">Object with apiVersion, kind and metadata.</param>
    /// <param name="manager">Field manager.</param>
    /// <param name="force">Whether fields are taken from others.</param>
    public async Task<JsonObject> ApplyAsync(JsonObject manifest, string manager = Stranger, bool force = true)
    {
        var metadata = (JsonObject)manifest["metadata"]!;
        var kind = await KindAsync((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        var applied = await Api.ApplyAsync(kind, (string?)metadata["namespace"], (string)metadata["name"]!, Encoding.UTF8.GetBytes(manifest.ToJsonString()), new ApplyOptions(manager, force), CancellationToken.None);
        return applied.Object;
    }

    /// <summary>As <see cref="ApplyAsync(JsonObject, string, bool)"/>, from JSON text.</summary>
    public Task<JsonObject> ApplyAsync(string json, string manager = Stranger, bool force = true) => ApplyAsync((JsonObject)JsonNode.Parse(json)!, manager, force);

    /// <summary>Writes an object's status, as a controller does.</summary>
    public async Task<JsonObject> PatchStatusAsync(string apiVersion, string kind, string? ns, string name, JsonNode status, string manager = "test-controller")
    {
        var served = await KindAsync(apiVersion, kind);
        var manifest = new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = ns is null ? new JsonObject { ["name"] = name } : new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["status"] = status.DeepClone(),
        };
        return await ((KubernetesApi)Api).ApplyStatusAsync(served, ns, name, Encoding.UTF8.GetBytes(manifest.ToJsonString()), new ApplyOptions(manager, Force: true), CancellationToken.None);
    }

    /// <summary>Reads an object; null: there is none.</summary>
    public async Task<JsonObject?> GetAsync(string apiVersion, string kind, string? ns, string name) =>
        await Api.GetAsync(await KindAsync(apiVersion, kind), ns, name, CancellationToken.None);

    /// <summary>Deletes an object, whichever it is.</summary>
    public async Task<bool> DeleteAsync(string apiVersion, string kind, string? ns, string name) =>
        await Api.DeleteAsync(await KindAsync(apiVersion, kind), ns, name, null, null, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _made)
            await DeleteAsync("v1", "Namespace", null, name);
        await Api.DisposeAsync();
    }
}
