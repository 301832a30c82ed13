using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;

namespace Gatehouse.Sync.Rivals;

/// <summary>Who else serves the hostnames of a stored object.</summary>
internal static class RivalReports
{
    private const int MostRivals = 16;

    /// <summary>Kinds that serve hostnames.</summary>
    public static bool Concern(string kind) => kind is ResourceKind.Hostname or ResourceKind.HttpRoute or ResourceKind.GrpcRoute or ResourceKind.TlsRoute;

    /// <summary>A tenant is told the names of what lies in its own Namespace; what else there is is not its business.</summary>
    public static IReadOnlyList<ReportedRival> Of(ResourceKey source, IReadOnlyCollection<ObjectEntry> entries, SessionState state)
    {
        if (!Concern(source.Kind))
            return [];
        var home = state.Projection?.Namespaces.GetValueOrDefault(source.Tenant);
        return [.. HostnamesOf(source, entries).Distinct(StringComparer.Ordinal).SelectMany(state.Rivals.Of)
            .Select(found => found.Rival.Namespace == home
                ? new ReportedRival(found.Hostname, found.Rival.Kind, found.Rival.Namespace, found.Rival.Name)
                : new ReportedRival(found.Hostname, null, null, null))
            .Distinct()
            .OrderBy(static rival => rival.Name is null).ThenBy(static rival => rival.Hostname, StringComparer.Ordinal)
            .ThenBy(static rival => rival.Kind, StringComparer.Ordinal).ThenBy(static rival => rival.Name, StringComparer.Ordinal)
            .Take(MostRivals)];
    }

    private static IEnumerable<string> HostnamesOf(ResourceKey source, IReadOnlyCollection<ObjectEntry> entries) => source.Kind == ResourceKind.Hostname
        ? [source.Name]
        : entries.Where(entry => entry.Key.Kind == source.Kind)
            .SelectMany(static entry => entry.Desired?.Manifest["spec"]?["hostnames"] as JsonArray ?? [])
            .Select(static name => name!.GetValue<string>());
}
