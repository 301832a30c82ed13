using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Kubernetes;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>A client that counts what it writes; can be told to hang before a write.</summary>
internal sealed class CountingApi(IKubernetesApi api) : IKubernetesApi
{
    private readonly ConcurrentQueue<string> _writes = new();

    /// <summary>Writes that were sent, in order.</summary>
    public IReadOnlyList<string> Writes => [.. _writes];

    /// <summary>Awaited before each write.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    public Task<string> GetVersionAsync(CancellationToken cancellationToken) => api.GetVersionAsync(cancellationToken);

    public Task<ApiKind?> FindKindAsync(string apiVersion, string kind, CancellationToken cancellationToken) => api.FindKindAsync(apiVersion, kind, cancellationToken);

    public Task<IReadOnlyList<string>> ListVersionsAsync(string group, CancellationToken cancellationToken) => api.ListVersionsAsync(group, cancellationToken);

    public Task<IReadOnlyList<ApiKind>> ListKindsAsync(string apiVersion, CancellationToken cancellationToken) => api.ListKindsAsync(apiVersion, cancellationToken);

    public void ForgetDiscovery() => api.ForgetDiscovery();

    public Task<JsonObject?> GetAsync(ApiKind kind, string? ns, string name, CancellationToken cancellationToken) => api.GetAsync(kind, ns, name, cancellationToken);

    public Task<ObjectList> ListAsync(ApiKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken) => api.ListAsync(kind, ns, labelSelector, cancellationToken);

    public Task EachAsync(ApiKind kind, string? ns, string? labelSelector, Action begin, Action<JsonObject> take, CancellationToken cancellationToken) => api.EachAsync(kind, ns, labelSelector, begin, take, cancellationToken);

    public IAsyncEnumerable<WatchSignal> WatchAsync(ApiKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken) => api.WatchAsync(kind, ns, labelSelector, cancellationToken);

    public async Task<Applied> ApplyAsync(ApiKind kind, string? ns, string name, ReadOnlyMemory<byte> manifest, ApplyOptions options, CancellationToken cancellationToken)
    {
        await NoteAsync($"{(options.Force ? "force" : "apply")} {kind.Kind} {name}");
        return await api.ApplyAsync(kind, ns, name, manifest, options, cancellationToken);
    }

    public async Task<bool> DeleteAsync(ApiKind kind, string? ns, string name, string? uid, string? resourceVersion, CancellationToken cancellationToken)
    {
        await NoteAsync($"delete {kind.Kind} {name}");
        return await api.DeleteAsync(kind, ns, name, uid, resourceVersion, cancellationToken);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    private async Task NoteAsync(string write)
    {
        if (BeforeWrite is { } before)
            await before(write);
        _writes.Enqueue(write);
    }
}

/// <summary>Opens the test cluster, or whatever a test wants instead.</summary>
internal sealed class TestConnector(Func<ClusterTarget, Task<IKubernetesApi>> connect) : IClusterConnector
{
    public Task<IKubernetesApi> ConnectAsync(ClusterTarget target, byte[]? kubeconfig, CancellationToken cancellationToken) => connect(target);
}
