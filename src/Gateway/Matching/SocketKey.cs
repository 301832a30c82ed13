namespace Gatehouse.Gateway.Matching;

/// <summary>What a listener listens on, as clients see it.</summary>
/// <param name="Address">IP address; empty: the data plane's default address.</param>
/// <param name="Port">Listener port.</param>
public readonly record struct SocketKey(string Address, int Port)
{
    /// <summary>The sockets of a listener.</summary>
    public static IEnumerable<SocketKey> Of(ListenerEntry listener) =>
        listener.Addresses.Count == 0
            ? [new SocketKey("", listener.Port)]
            : listener.Addresses.Select(address => new SocketKey(address, listener.Port));
}
