using System.Net;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes.Access;
using Gatehouse.Sync.Kubernetes.Http;
using Gatehouse.Sync.Kubernetes.Watching;

namespace Gatehouse.Sync.Kubernetes;

/// <summary>The thin client: HTTP and JSON, objects as the server sends them.</summary>
internal sealed class KubernetesApi : IKubernetesApi
{
    private readonly ApiSender _sender;
    private readonly Discovery _discovery;
    private readonly ObjectLists _lists;
    private readonly KubernetesClientOptions _options;

    public KubernetesApi(ClusterAccess access, KubernetesClientOptions options)
    {
        _options = options;
        _sender = new ApiSender(access, options);
        _discovery = new Discovery(_sender, options);
        _lists = new ObjectLists(_sender, options);
    }

    /// <inheritdoc />
    public async Task<string> GetVersionAsync(CancellationToken cancellationToken)
    {
        var answer = await _sender.SendAsync(new ApiRequest(HttpMethod.Get, "version"), cancellationToken);
        return Json.Text(Json.Object(answer.Body.Span)["gitVersion"]) is { Length: > 0 } version ? version : throw Json.Malformed(null);
    }

    /// <inheritdoc />
    public Task<ApiKind?> FindKindAsync(string apiVersion, string kind, CancellationToken cancellationToken) => _discovery.FindAsync(apiVersion, kind, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListVersionsAsync(string group, CancellationToken cancellationToken) => _discovery.VersionsAsync(group, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<ApiKind>> ListKindsAsync(string apiVersion, CancellationToken cancellationToken) => _discovery.KindsAsync(apiVersion, cancellationToken);

    /// <inheritdoc />
    public void ForgetDiscovery() => _discovery.Forget();

    /// <inheritdoc />
    public async Task<JsonObject?> GetAsync(ApiKind kind, string? ns, string name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _sender.SendAsync(Request(HttpMethod.Get, kind, ApiPath.OfObject(kind, ns, name)), cancellationToken);
            return Json.Object(answer.Body.Span);
        }
        catch (KubernetesException exception) when (IsMissing(exception, kind))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<ObjectList> ListAsync(ApiKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken)
    {
        try
        {
            return await _lists.ReadAsync(kind, ns, labelSelector, cancellationToken);
        }
        catch (KubernetesException exception) when (IsMissing(exception, kind))
        {
            throw NotServed(kind, exception);
        }
    }

    /// <inheritdoc />
    public async Task EachAsync(ApiKind kind, string? ns, string? labelSelector, Action begin, Action<JsonObject> take, CancellationToken cancellationToken)
    {
        try
        {
            await _lists.ReadEachAsync(kind, ns, labelSelector, begin, take, cancellationToken);
        }
        catch (KubernetesException exception) when (IsMissing(exception, kind))
        {
            throw NotServed(kind, exception);
        }
    }

    /// <inheritdoc />
    public IAsyncEnumerable<WatchSignal> WatchAsync(ApiKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken) =>
        new Watcher(_sender, ListAsync, kind, ns, labelSelector, _options).RunAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<Applied> ApplyAsync(ApiKind kind, string? ns, string name, ReadOnlyMemory<byte> manifest, ApplyOptions options, CancellationToken cancellationToken)
    {
        var request = ApplyRequest(kind, ApiPath.OfObject(kind, ns, name), manifest, options);
        try
        {
            var answer = await _sender.SendAsync(request, cancellationToken);
            return new Applied(Json.Object(answer.Body.Span), answer.Status == HttpStatusCode.Created);
        }
        catch (KubernetesException exception) when (exception.Status == 404 && !StatusAnswers.IsMissingObject(exception))
        {
            _discovery.Forget(kind.ApiVersion);
            throw NotServed(kind, exception);
        }
    }

    /// <summary>As <see cref="ApplyAsync"/>, to the status: what a controller does. The worker itself writes no status.</summary>
    public async Task<JsonObject> ApplyStatusAsync(ApiKind kind, string? ns, string name, ReadOnlyMemory<byte> manifest, ApplyOptions options, CancellationToken cancellationToken)
    {
        var answer = await _sender.SendAsync(ApplyRequest(kind, ApiPath.OfObject(kind, ns, name) + "/status", manifest, options), cancellationToken);
        return Json.Object(answer.Body.Span);
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(ApiKind kind, string? ns, string name, string? uid, string? resourceVersion, CancellationToken cancellationToken)
    {
        var preconditions = new JsonObject();
        if (uid is not null)
            preconditions["uid"] = uid;
        if (resourceVersion is not null)
            preconditions["resourceVersion"] = resourceVersion;
        var body = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1", ["propagationPolicy"] = "Background", ["preconditions"] = preconditions };
        var request = Request(HttpMethod.Delete, kind, ApiPath.OfObject(kind, ns, name)) with { Body = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()) };
        try
        {
            await _sender.SendAsync(request, cancellationToken);
            return true;
        }
        catch (KubernetesException exception) when (IsMissing(exception, kind))
        {
            return false;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _sender.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A 404 without a word of Kubernetes' own says that the kind is not served any more.</summary>
    private bool IsMissing(KubernetesException exception, ApiKind kind)
    {
        if (exception.Status != 404)
            return false;
        if (!StatusAnswers.IsMissingObject(exception))
            _discovery.Forget(kind.ApiVersion);
        return true;
    }

    private static KubernetesException NotServed(ApiKind kind, Exception exception) =>
        new(404, "NotServed", $"The cluster does not serve {kind.Kind} in {kind.ApiVersion}.", inner: exception);

    private static ApiRequest ApplyRequest(ApiKind kind, string path, ReadOnlyMemory<byte> manifest, ApplyOptions options)
    {
        // Servers before 1.25 do not know fieldValidation and ignore it.
        var query = new ApiQuery().Add("fieldManager", options.FieldManager).Add("force", options.Force ? "true" : null)
            .Add("dryRun", options.DryRun ? "All" : null).Add("fieldValidation", "Strict");
        return Request(HttpMethod.Patch, kind, path + query) with { Body = manifest, ContentType = "application/apply-patch+yaml" };
    }

    private static ApiRequest Request(HttpMethod method, ApiKind kind, string path) => new(method, path) { IsConfidential = kind.IsSecret() };
}
