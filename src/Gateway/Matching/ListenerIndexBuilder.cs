namespace Gatehouse.Gateway.Matching;

/// <summary>Changes a copy of a <see cref="ListenerIndex{THost}"/>; the cost follows the changes. Listeners and hosts may come in any order.</summary>
/// <typeparam name="THost">What is kept for a host entry.</typeparam>
public sealed class ListenerIndexBuilder<THost>
    where THost : class
{
    private readonly ListenerIndex<THost> _origin;
    private readonly Dictionary<string, ListenerEntry?> _listeners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostnameMap<THost>.Builder> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<(SocketKey Socket, string Hostname), ListenerNode<THost>[]> _rivals;

    internal ListenerIndexBuilder(ListenerIndex<THost> origin)
    {
        _origin = origin;
        _rivals = new(origin.Rivals);
    }

    /// <summary>Adds or replaces a listener; its hosts stay.</summary>
    public void SetListener(ListenerEntry entry) => _listeners[entry.Id] = entry;

    /// <summary>Removes a listener; its hosts stay until they are removed.</summary>
    public void RemoveListener(string id) => _listeners[id] = null;

    /// <summary>The host of exactly this name.</summary>
    public THost? GetHost(string listener, string hostname) => HostsOf(listener).Get(hostname);

    /// <summary>Adds, replaces or (null) removes a host.</summary>
    public void SetHost(string listener, string hostname, THost? host) => HostsOf(listener).Set(hostname, host);

    /// <summary>The index with the changes. The builder must not be used again.</summary>
    public ListenerIndex<THost> Build()
    {
        var nodes = _origin.Nodes.ToBuilder();
        var sockets = new Dictionary<SocketKey, HostnameMap<ListenerNode<THost>>.Builder>();
        foreach (var id in _listeners.Keys.Union(_hosts.Keys))
        {
            var before = nodes.TryGetValue(id, out var node) ? node : null;
            var after = Changed(id, before);
            if (after is null)
                nodes.Remove(id);
            else
                nodes.Set(id, after);
            Replace(sockets, id, before?.Entry, null);
            Replace(sockets, id, after?.Entry, after);
        }
        return new ListenerIndex<THost>(nodes.Build(), Merge(sockets), _rivals);
    }

    private ListenerNode<THost>? Changed(string id, ListenerNode<THost>? before)
    {
        var entry = _listeners.TryGetValue(id, out var changed) ? changed : before?.Entry;
        var hosts = _hosts.TryGetValue(id, out var builder) ? builder.Build() : before?.Hosts ?? HostnameMap<THost>.Empty;
        return entry is null && hosts.Count == 0 ? null : new ListenerNode<THost>(entry, hosts);
    }

    private void Replace(Dictionary<SocketKey, HostnameMap<ListenerNode<THost>>.Builder> sockets, string id, ListenerEntry? entry, ListenerNode<THost>? node)
    {
        if (entry is null)
            return;
        foreach (var key in SocketKey.Of(entry))
        {
            if (!sockets.TryGetValue(key, out var names))
                sockets[key] = names = (_origin.SocketMap.TryGetValue(key, out var map) ? map : HostnameMap<ListenerNode<THost>>.Empty).ToBuilder();
            var place = (key, entry.Hostname ?? "");
            var known = _rivals.TryGetValue(place, out var rivals) ? rivals : names.Get(entry.Hostname) is { } only ? [only] : [];
            var others = known.Where(other => other.Entry.Id != id);
            // Two listeners of one name on one socket are a conflict that the compiler has settled; the least id is a stable choice.
            var all = (node is null ? others : others.Append(node).OrderBy(other => other.Entry.Id, StringComparer.Ordinal)).ToArray();
            names.Set(entry.Hostname, all.Length == 0 ? null : all[0]);
            if (all.Length > 1)
                _rivals[place] = all;
            else
                _rivals.Remove(place);
        }
    }

    private Dictionary<SocketKey, HostnameMap<ListenerNode<THost>>> Merge(
        Dictionary<SocketKey, HostnameMap<ListenerNode<THost>>.Builder> sockets)
    {
        if (sockets.Count == 0)
            return _origin.SocketMap;
        var merged = new Dictionary<SocketKey, HostnameMap<ListenerNode<THost>>>(_origin.SocketMap);
        foreach (var (key, builder) in sockets)
        {
            merged[key] = builder.Build();
            if (merged[key].Count == 0)
                merged.Remove(key);
        }
        return merged;
    }

    private HostnameMap<THost>.Builder HostsOf(string listener)
    {
        if (!_hosts.TryGetValue(listener, out var hosts))
        {
            var known = _origin.Nodes.TryGetValue(listener, out var node) ? node.Hosts : HostnameMap<THost>.Empty;
            _hosts[listener] = hosts = known.ToBuilder();
        }
        return hosts;
    }
}
