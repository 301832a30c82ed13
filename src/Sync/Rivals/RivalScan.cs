using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Reporting;

namespace Gatehouse.Sync.Rivals;

/// <summary>
/// Looks now and then for what others serve in the cluster. Lists are read page by page, and of each object its hostnames are kept: watching all
/// of a cluster's routes would cost memory that only a remark is worth. What names no host serves whatever its listener does and is passed over.
/// </summary>
internal sealed partial class RivalScan(SessionParts parts, string cluster, string owner) : IDisposable
{
    /// <summary>Beyond that, the rest is passed over and the log says so.</summary>
    private const int MostHostnames = 50_000;

    /// <summary>Label of what cert-manager answers challenges with for a moment, beside what serves the name.</summary>
    private const string Solver = "acme.cert-manager.io/http01-solver";

    private static readonly string[] RouteKinds = ["HTTPRoute", "GRPCRoute", "TLSRoute"];
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, List<(string Hostname, Rival Rival)>> _found = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Looks as soon as can be.</summary>
    public void LookSoon()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="served">Versions that the cluster serves, by kind; null: that is not known yet.</param>
    /// <param name="tell">Told what was found.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(
        Func<CancellationToken, Task<IReadOnlyDictionary<string, IReadOnlyList<string>>?>> served, Func<RivalHosts, ValueTask> tell, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await served(cancellationToken) is not { } versions)
            {
                await Task.Delay(Pause, parts.Time, cancellationToken);
                continue;
            }
            await LookAsync(versions, cancellationToken);
            await tell(new RivalHosts(_found.Values.SelectMany(static found => found)));
            await _wake.WaitAsync(parts.Options.RivalPeriod, cancellationToken);
        }
    }

    public void Dispose() => _wake.Dispose();

    private async Task LookAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> versions, CancellationToken cancellationToken)
    {
        var wanted = RouteKinds.Where(versions.ContainsKey).Select(kind => ($"{WatchKinds.GatewayGroup}/{versions[kind][0]}", kind)).Append(("networking.k8s.io/v1", "Ingress")).ToList();
        foreach (var gone in _found.Keys.Except(wanted.Select(static pair => pair.Item2)).ToList())
            _found.Remove(gone);
        foreach (var (apiVersion, name) in wanted)
        {
            try
            {
                _found[name] = await parts.Api.FindKindAsync(apiVersion, name, cancellationToken) is { } kind ? await ReadAsync(kind, cancellationToken) : [];
                _failing.Remove(name);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // What was found before still counts. Said once, not every minute.
                if (_failing.Add(name))
                    Log.NotRead(parts.Logger, name, cluster, Failures.Describe(failure));
            }
        }
    }

    private async Task<List<(string Hostname, Rival Rival)>> ReadAsync(ApiKind kind, CancellationToken cancellationToken)
    {
        var found = new List<(string Hostname, Rival Rival)>();
        var isFull = false;
        await parts.Api.EachAsync(
            kind,
            null,
            $"{ObjectMarks.Owner}!={owner},!{Solver}",
            found.Clear,
            json =>
            {
                var rival = new Rival(kind.Kind, Text(json["metadata"]?["namespace"]) ?? "", Text(json["metadata"]?["name"]) ?? "");
                var hostnames = HostnamesOf(kind, json).Distinct(StringComparer.Ordinal).ToList();
                isFull = found.Count + hostnames.Count > MostHostnames;
                if (!isFull)
                    found.AddRange(hostnames.Select(hostname => (hostname, rival)));
            },
            cancellationToken);
        if (isFull)
            Log.TooMany(parts.Logger, kind.Kind, cluster, MostHostnames);
        return found;
    }

    private static IEnumerable<string> HostnamesOf(ApiKind kind, JsonObject json) => kind.Kind == "Ingress"
        ? ItemsOf(json["spec"]?["rules"]).Select(static rule => Text((rule as JsonObject)?["host"])).OfType<string>()
        : ItemsOf(json["spec"]?["hostnames"]).Select(Text).OfType<string>();

    private static IEnumerable<JsonNode?> ItemsOf(JsonNode? node) => node as JsonArray ?? [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Objects of kind {Kind} cannot be read in cluster {Cluster}, so who else serves hostnames by them is not known: {Failure}")]
        public static partial void NotRead(ILogger logger, string kind, string cluster, string failure);

        [LoggerMessage(2, LogLevel.Warning, "Cluster {Cluster} has more than {Most} hostnames in objects of kind {Kind}; who else serves hostnames is told of those alone")]
        public static partial void TooMany(ILogger logger, string kind, string cluster, int most);
    }
}
