using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>What the connections of a socket speak first.</summary>
internal enum SocketProtocol
{
    /// <summary>HTTP/1.1, or HTTP/2 with prior knowledge.</summary>
    Http,

    /// <summary>TLS, which ends here or goes through: SNI decides.</summary>
    Tls,

    /// <summary>Bytes.</summary>
    Tcp,

    /// <summary>Datagrams.</summary>
    Udp,
}

/// <summary>Says what sockets speak.</summary>
internal static class SocketProtocols
{
    public static SocketProtocol Of(ListenerEntry listener) => listener.Protocol switch
    {
        "HTTPS" or "TLS" => SocketProtocol.Tls,
        "TCP" => SocketProtocol.Tcp,
        "UDP" => SocketProtocol.Udp,
        _ => SocketProtocol.Http,
    };
}
