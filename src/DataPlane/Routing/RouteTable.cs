using Gatehouse.DataPlane.Backends;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Routing;

/// <summary>All that is served at one moment. Immutable; a request holds on to the table that it began with.</summary>
/// <param name="Listeners">Listeners and hosts.</param>
/// <param name="Backends">Backends by key.</param>
internal sealed record RouteTable(ListenerIndex<HostRuntime> Listeners, PersistentMap<BackendState> Backends)
{
    public static RouteTable Empty { get; } = new(ListenerIndex.Empty<HostRuntime>(), PersistentMap.Empty<BackendState>());

    /// <summary>The entries that are served.</summary>
    public MatchTable Export() => new()
    {
        Listeners = Listeners.Listeners.ToDictionary(listener => listener.Entry.Id, listener => listener.Entry),
        Hosts = Listeners.Hosts.Select(host => host.Matcher.Entry).ToDictionary(host => host.Key),
        Backends = Backends.Entries.ToDictionary(backend => backend.Key, backend => backend.Value.Entry),
    };
}
