namespace Gatehouse.Gateway.Matching;

/// <summary>What a listener listens on, as clients see it.</summary>
/// <param name="Address">IP address; empty: the data plane's default address.</param>
/// <param name="Port">Listener port.</param>
/// <param name="Udp">Whether it takes datagrams: a port number of UDP has nothing to do with the same number of TCP.</param>
public readonly record struct SocketKey(string Address, int Port, bool Udp = false)
{
    /// <summary>The sockets of a listener.</summary>
    public static IEnumerable<SocketKey> Of(ListenerEntry listener)
    {
        var udp = listener.Protocol == "UDP";
        return listener.Addresses.Count == 0
            ? [new SocketKey("", listener.Port, udp)]
            : listener.Addresses.Select(address => new SocketKey(address, listener.Port, udp));
    }
}
