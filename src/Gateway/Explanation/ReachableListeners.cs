using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Explanation;

/// <summary>The few listeners and hosts of a table that a request can reach, in the index that the data plane uses.</summary>
internal sealed class ReachableListeners
{
    private ReachableListeners(ListenerIndex<HostMatcher> index, IReadOnlyList<SocketKey> sockets, string address, IReadOnlyList<string> addresses)
    {
        Index = index;
        Sockets = sockets;
        Address = address;
        Addresses = addresses;
    }

    public ListenerIndex<HostMatcher> Index { get; }

    /// <summary>Sockets that the request comes in by.</summary>
    public IReadOnlyList<SocketKey> Sockets { get; }

    /// <summary>The address that was taken.</summary>
    public string Address { get; }

    /// <summary>All addresses where a listener takes the host; several: the request must say which.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Collects them.</summary>
    /// <param name="table">Table.</param>
    /// <param name="request">Request.</param>
    /// <param name="names">Host, and the TLS server name if there is one.</param>
    public static ReachableListeners Find(MatchTable table, ExplainRequest request, params IReadOnlyList<string> names)
    {
        var covering = table.Listeners.Values
            .Where(listener => listener.Port == request.Port && Speaks(listener.Protocol, request) && names.Any(name => Covers(listener, name)))
            .ToArray();
        var addresses = covering.SelectMany(AddressesOf).Distinct().Order(StringComparer.Ordinal).ToArray();
        var address = request.Address ?? (addresses.Contains("") || addresses.Length != 1 ? "" : addresses[0]);
        var builder = ListenerIndex.Empty<HostMatcher>().ToBuilder();
        var sockets = new HashSet<SocketKey>();
        foreach (var listener in covering.Where(listener => AddressesOf(listener).Contains(address)))
        {
            builder.SetListener(listener);
            sockets.UnionWith(SocketKey.Of(listener).Where(key => key.Address == address));
            foreach (var hostname in names.SelectMany(Covering).Distinct())
            {
                if (table.Hosts.TryGetValue(HostEntry.KeyOf(listener.Id, hostname), out var entry))
                    builder.SetHost(listener.Id, hostname, new HostMatcher(entry));
            }
        }
        return new ReachableListeners(builder.Build(), [.. sockets], address, addresses);
    }

    /// <summary>The listener that a name leads to, whatever came before.</summary>
    public ListenerNode<HostMatcher>? ListenerOf(string name)
    {
        MatchResolver.FindListener(Index, Sockets, name, tlsListener: null, out var listener);
        return listener;
    }

    private static IEnumerable<string> AddressesOf(ListenerEntry listener) => listener.Addresses.Count == 0 ? [""] : listener.Addresses;

    private static bool Covers(ListenerEntry listener, string name) =>
        listener.Hostname is not { Length: > 0 } hostname || (name.Length > 0 && HostnameSet.Covers(hostname, name));

    private static bool Speaks(string protocol, ExplainRequest request) => request.Scheme switch
    {
        "http" => protocol == "HTTP",
        "tcp" => protocol == "TCP",
        "udp" => protocol == "UDP",
        _ => protocol is "HTTPS" or "TLS",
    };

    private static IEnumerable<string> Covering(string host)
    {
        if (host.Length > 0)
            yield return host;
        for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
            yield return $"*{host.AsSpan(dot)}";
        yield return HostnameSet.Any;
    }
}
