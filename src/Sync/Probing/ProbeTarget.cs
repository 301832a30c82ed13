using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Tasks;

namespace Gatehouse.Sync.Probing;

/// <summary>Where a probe of a route goes.</summary>
/// <param name="Addresses">Addresses that the cluster gave its Gateway: IP addresses or DNS names.</param>
/// <param name="Port">Port that clients see.</param>
/// <param name="IsTls">Whether the listener ends TLS.</param>
/// <param name="Hostname">Production Host.</param>
/// <param name="Generation">Generation of the route.</param>
internal sealed record ProbeTarget(IReadOnlyList<string> Addresses, int Port, bool IsTls, string Hostname, long Generation)
{
    /// <summary>Finds it in what is projected and observed.</summary>
    /// <param name="route">The stored route.</param>
    /// <param name="wanted">Host to ask for; null: the first name without wildcard.</param>
    /// <param name="state">The session's state.</param>
    /// <exception cref="TaskRefusedException">The route cannot be reached; the message says why.</exception>
    public static ProbeTarget Find(ResourceKey route, string? wanted, SessionState state)
    {
        var projection = state.Projection ?? throw new TaskRefusedException("The worker has only just taken over and knows nothing yet: ask again in a moment.");
        var shards = projection.Objects.Where(one => one.Source == route && one.Id.Kind == route.Kind).ToList();
        if (shards.Count == 0)
            throw new TaskRefusedException($"{route.Kind} `{route.Name}` is not in the cluster: its condition Projected says why.");
        var objects = projection.Objects.ToDictionary(static one => one.Id);
        var candidates = shards.SelectMany(shard => Candidates(shard, objects)).Where(candidate => wanted is null ? !candidate.Hostname.StartsWith('*') : HostnameSet.Covers(candidate.Hostname, wanted)).ToList();
        if (candidates.Count == 0)
            throw new TaskRefusedException(wanted is null ? "The route has no hostname without wildcard: name one that it serves." : $"The route does not serve `{wanted}` in the cluster.");
        // What clients see last is what is proven: TLS where there is any.
        var chosen = candidates.OrderByDescending(static candidate => candidate.IsTls).First();
        var gateway = state.Book.Find(ObjectKey.Of(chosen.Gateway))?.Observed;
        string[] addresses = [.. (gateway?.Json["status"]?["addresses"] as JsonArray ?? []).OfType<JsonObject>().Select(static address => address["value"]?.GetValue<string>()).OfType<string>()];
        if (addresses.Length == 0)
            throw new TaskRefusedException($"{chosen.Gateway} has no address yet: its controller must give it one.");
        var port = projection.ClientPorts.GetValueOrDefault(chosen.Parent)?.GetValueOrDefault(chosen.Port) is > 0 and var seen ? seen : chosen.Port;
        return new ProbeTarget(addresses, port, chosen.IsTls, wanted ?? chosen.Hostname, shards[0].SourceGeneration);
    }

    private static IEnumerable<Candidate> Candidates(ProjectedObject shard, Dictionary<ProjectedId, ProjectedObject> objects)
    {
        string[] hostnames = [.. (shard.Manifest["spec"]?["hostnames"] as JsonArray ?? []).Select(static name => name!.GetValue<string>())];
        foreach (var reference in (shard.Manifest["spec"]?["parentRefs"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var parent = Find(objects, Text(reference["kind"]), Text(reference["namespace"]) ?? shard.Id.Namespace, Text(reference["name"]));
            if (parent is null)
                continue;
            var gateway = parent.Id.Kind == ResourceKind.Gateway ? parent : Find(objects, ResourceKind.Gateway, Text(parent.Manifest["spec"]?["parentRef"]?["namespace"]) ?? parent.Id.Namespace, Text(parent.Manifest["spec"]?["parentRef"]?["name"]));
            foreach (var listener in (parent.Manifest["spec"]?["listeners"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (gateway is null || (Text(reference["sectionName"]) is { } section && section != Text(listener["name"])) || Text(listener["protocol"]) is not ("HTTP" or "HTTPS"))
                    continue;
                var own = Text(listener["hostname"]);
                foreach (var hostname in hostnames.Length == 0 ? [own ?? "*"] : hostnames.Where(name => own is null || HostnameSet.Covers(own, name) || HostnameSet.Covers(name, own)))
                    yield return new Candidate(parent.Id, gateway.Id, listener["port"]!.GetValue<int>(), Text(listener["protocol"]) == "HTTPS", own is not null && HostnameSet.Covers(hostname, own) ? own : hostname);
            }
        }
    }

    private static ProjectedObject? Find(Dictionary<ProjectedId, ProjectedObject> objects, string? kind, string? ns, string? name) =>
        objects.Values.FirstOrDefault(one => one.Id.Kind == kind && one.Id.Namespace == ns && one.Id.Name == name);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private sealed record Candidate(ProjectedId Parent, ProjectedId Gateway, int Port, bool IsTls, string Hostname);
}
