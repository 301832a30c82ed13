using Gatehouse.DataPlane.Streams;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>Opens sockets.</summary>
internal sealed class SocketFactory(IServiceProvider services, ConnectionLimits limits)
{
    // Late: what carries connections needs the table, whose store needs the sockets.
    private readonly Lazy<Entrance> _entrance = new(services.GetRequiredService<Entrance>);
    private readonly Lazy<UdpFront> _datagrams = new(services.GetRequiredService<UdpFront>);

    /// <exception cref="System.Net.Sockets.SocketException">The socket cannot be bound.</exception>
    public IBoundSocket Open(Binding binding, SocketProtocol protocol)
    {
        if (binding.Udp)
        {
            var address = binding.EndPoint.Address;
            return address.Equals(System.Net.IPAddress.Any) || address.Equals(System.Net.IPAddress.IPv6Any)
                ? AnyUdpSocket.Open(binding.EndPoint, _datagrams)
                : UdpSocket.Open(binding.EndPoint, _datagrams);
        }
        var socket = BoundSocket.Open(binding.EndPoint, _entrance, limits);
        socket.Protocol = protocol;
        return socket;
    }
}
