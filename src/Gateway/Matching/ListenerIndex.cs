using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// Finds the listener of a request and the host entries below it: socket, then the listener whose hostname is most specific
/// (https://gateway-api.sigs.k8s.io/reference/spec/#listener), then its hosts from exact over wildcard to any.
/// Immutable; a change builds a new one around what stays.
/// </summary>
/// <typeparam name="THost">What is kept for a host entry.</typeparam>
public sealed class ListenerIndex<THost>
    where THost : class
{
    internal ListenerIndex(
        PersistentMap<ListenerNode<THost>> nodes,
        Dictionary<SocketKey, HostnameMap<ListenerNode<THost>>> sockets,
        Dictionary<(SocketKey Socket, string Hostname), ListenerNode<THost>[]> rivals)
    {
        Nodes = nodes;
        SocketMap = sockets;
        Rivals = rivals;
    }

    /// <summary>No listeners.</summary>
    internal static ListenerIndex<THost> Empty { get; } = new(
        PersistentMap<ListenerNode<THost>>.Empty, [], []);

    /// <summary>The sockets that some listener listens on.</summary>
    public IReadOnlyCollection<SocketKey> Sockets => SocketMap.Keys;

    /// <summary>All listeners.</summary>
    public IEnumerable<ListenerNode<THost>> Listeners => Nodes.Entries.Select(entry => entry.Value).Where(node => node.Entry is not null);

    /// <summary>All hosts.</summary>
    public IEnumerable<THost> Hosts => Nodes.Entries.SelectMany(entry => entry.Value.Hosts.Values);

    internal PersistentMap<ListenerNode<THost>> Nodes { get; }

    internal Dictionary<SocketKey, HostnameMap<ListenerNode<THost>>> SocketMap { get; }

    /// <summary>All listeners of one name on one socket, where there are several; only the first takes requests.</summary>
    internal Dictionary<(SocketKey Socket, string Hostname), ListenerNode<THost>[]> Rivals { get; }

    /// <summary>The listener that takes a request.</summary>
    /// <param name="socket">Socket that it came in by.</param>
    /// <param name="host">In the form of <see cref="RequestHost"/>.</param>
    /// <param name="listener">The listener.</param>
    public bool TryFind(SocketKey socket, ReadOnlySpan<char> host, [NotNullWhen(true)] out ListenerNode<THost>? listener)
    {
        listener = SocketMap.TryGetValue(socket, out var listeners) && listeners.TryFind(host, out var found) ? found : null;
        return listener is not null;
    }

    /// <summary>Some listener of a socket. What a socket speaks is the same for all of them; the compiler sees to that.</summary>
    public ListenerEntry? AnyOf(SocketKey socket) =>
        SocketMap.TryGetValue(socket, out var listeners) ? listeners.Values.FirstOrDefault()?.Entry : null;

    /// <summary>All listeners of a socket that cover a host, the most specific first.</summary>
    public HostnameMap<ListenerNode<THost>>.CandidateEnumerator Covering(SocketKey socket, ReadOnlySpan<char> host) =>
        (SocketMap.TryGetValue(socket, out var listeners) ? listeners : HostnameMap<ListenerNode<THost>>.Empty).Candidates(host);

    /// <summary>A listener by its id.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out ListenerNode<THost>? listener) =>
        Nodes.TryGetValue(id, out listener) && listener.Entry is not null;

    /// <summary>A builder that starts with these listeners; this index stays as it is.</summary>
    public ListenerIndexBuilder<THost> ToBuilder() => new(this);
}

/// <summary>Where listener indexes begin.</summary>
public static class ListenerIndex
{
    /// <summary>No listeners.</summary>
    public static ListenerIndex<THost> Empty<THost>()
        where THost : class => ListenerIndex<THost>.Empty;
}

/// <summary>A listener with its hosts.</summary>
/// <param name="entry">Entry; null while only hosts of it are known.</param>
/// <param name="hosts">Hosts.</param>
public sealed class ListenerNode<THost>(ListenerEntry? entry, HostnameMap<THost> hosts)
    where THost : class
{
    /// <summary>Entry.</summary>
    public ListenerEntry Entry => entry!;

    /// <summary>Its hosts, from exact over wildcard to any.</summary>
    public HostnameMap<THost> Hosts => hosts;

    /// <summary>The only host of a listener with an exact hostname: whoever found the listener by that name has found the host. Null: look in <see cref="Hosts"/>.</summary>
    public THost? OnlyHost { get; } = entry?.Hostname is { Length: > 0 } hostname && hostname[0] != '*' && hosts.Count == 1 ? hosts.Values.First() : null;
}
