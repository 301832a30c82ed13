using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>Connection feature: the socket that a connection came in by.</summary>
internal sealed class ConnectionOrigin(BoundSocket socket)
{
    public BoundSocket Socket => socket;

    /// <summary>The most specific first: a Gateway's own address before the default address.</summary>
    public IReadOnlyList<SocketKey> Keys => socket.Keys;
}
