using Gatehouse.DataPlane.Streams;
using Gatehouse.DataPlane.Tls;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>Leads accepted connections to those who carry them.</summary>
internal sealed class Entrance(LaneTransport lanes, TlsFront tls, TcpFront tcp)
{
    public void Enter(LiveConnection connection)
    {
        switch (connection.Protocol)
        {
            case SocketProtocol.Tls:
                _ = tls.RunAsync(connection);
                break;
            case SocketProtocol.Tcp:
                _ = tcp.RunAsync(connection);
                break;
            default:
                lanes.Enter(connection);
                break;
        }
    }
}
