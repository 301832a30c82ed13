using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Streams;

namespace Gatehouse.DataPlane.Telemetry;

/// <summary>How much is going on now.</summary>
internal sealed class StreamCounts(ConnectionLimits connections, RelaySet relays, UdpSessions datagrams)
{
    /// <summary>Connections of clients.</summary>
    public int Connections => connections.Count;

    /// <summary>Those of them that are relayed as they are, or without their TLS.</summary>
    public int Relays => relays.Count;

    /// <summary>Sessions of datagrams.</summary>
    public int DatagramSessions => datagrams.Count;
}
