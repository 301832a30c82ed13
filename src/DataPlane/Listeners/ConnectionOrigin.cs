using System.Net;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>Connection feature: the socket that a connection came in by.</summary>
internal sealed class ConnectionOrigin(BoundSocket socket, IPAddress remote)
{
    public BoundSocket Socket => socket;

    /// <summary>Address of the client; IPv4 addresses as such.</summary>
    public IPAddress RemoteAddress { get; } = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;

    /// <summary><see cref="RemoteAddress"/> in words; every request needs it.</summary>
    public string RemoteText => field ??= RemoteAddress.ToString();

    /// <summary>Id of the listener that terminated TLS, chosen by SNI; null: none did.</summary>
    public string? TlsListener { get; init; }

    /// <summary>The most specific first: a Gateway's own address before the default address.</summary>
    public IReadOnlyList<SocketKey> Keys => socket.Keys;
}
