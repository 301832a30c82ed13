using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes.Http;

namespace Gatehouse.Sync.Kubernetes;

/// <summary>What a server serves. Answers are kept for a while; that something is not served is not kept, since CRDs come.</summary>
internal sealed class Discovery(ApiSender sender, KubernetesClientOptions options)
{
    // A definition is there a while before its kind is among those of its group.
    private static readonly TimeSpan MissingLifetime = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Forgets everything.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Forgets one group version.</summary>
    public void Forget(string apiVersion) => _known.TryRemove(apiVersion, out _);

    /// <summary>One kind; null: it is not served, or was not a moment ago.</summary>
    public async Task<ApiKind?> FindAsync(string apiVersion, string kind, CancellationToken cancellationToken) =>
        Find(await KindsAsync(apiVersion, cancellationToken), kind) ?? Find(await KindsAsync(apiVersion, MissingLifetime, cancellationToken), kind);

    /// <summary>Kinds of a group version; none: it is not served.</summary>
    public Task<IReadOnlyList<ApiKind>> KindsAsync(string apiVersion, CancellationToken cancellationToken) => KindsAsync(apiVersion, options.DiscoveryLifetime, cancellationToken);

    private static ApiKind? Find(IReadOnlyList<ApiKind> kinds, string kind) => kinds.FirstOrDefault(served => served.Kind == kind);

    private async Task<IReadOnlyList<ApiKind>> KindsAsync(string apiVersion, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(apiVersion, out var known) && options.Time.GetElapsedTime(known.ReadAt) < lifetime)
            return known.Kinds;
        var readAt = options.Time.GetTimestamp();
        var path = ApiPath.OfVersion(apiVersion);
        if (await ReadAsync(path, cancellationToken) is not { } answer)
        {
            Forget(apiVersion);
            return [];
        }
        var parts = apiVersion.Split('/');
        var (group, version) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
        var kinds = (answer["resources"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(resource => !Json.Text(resource["name"]).Contains('/', StringComparison.Ordinal))
            .Select(resource => new ApiKind(group, version, Json.Text(resource["kind"]), Json.Text(resource["name"]), Json.Flag(resource["namespaced"])))
            .Where(kind => kind is { Kind.Length: > 0, Plural.Length: > 0 }).ToList();
        _known[apiVersion] = new Known(kinds, readAt);
        return kinds;
    }

    /// <summary>Versions of a group, the preferred one first as the server tells them; none: it is not served.</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(string group, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync("apis/" + Uri.EscapeDataString(group), cancellationToken);
        return [.. (answer?["versions"] as JsonArray ?? []).OfType<JsonObject>().Select(version => Json.Text(version["version"])).Where(version => version.Length > 0)];
    }

    private async Task<JsonObject?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await sender.SendAsync(new ApiRequest(HttpMethod.Get, path), cancellationToken);
            return Json.Object(answer.Body.Span);
        }
        catch (KubernetesException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    private sealed record Known(IReadOnlyList<ApiKind> Kinds, long ReadAt);
}
