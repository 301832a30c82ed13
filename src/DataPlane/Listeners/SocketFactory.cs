namespace Gatehouse.DataPlane.Listeners;

/// <summary>Opens sockets.</summary>
internal sealed class SocketFactory(IServiceProvider services, ConnectionLimits limits)
{
    // Late: what carries connections needs the table, whose store needs the sockets.
    private readonly Lazy<Entrance> _entrance = new(services.GetRequiredService<Entrance>);

    /// <exception cref="System.Net.Sockets.SocketException">The socket cannot be bound.</exception>
    public IBoundSocket Open(Binding binding, SocketProtocol protocol)
    {
        var socket = BoundSocket.Open(binding.EndPoint, _entrance, limits);
        socket.Protocol = protocol;
        return socket;
    }
}
