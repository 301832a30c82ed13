using System.Net;
using System.Net.Security;
using Gatehouse.DataPlane.Streams;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>Connection feature: where a connection came in.</summary>
internal sealed class ConnectionOrigin(LiveConnection connection)
{
    public LiveConnection Connection => connection;

    public BoundSocket Socket => connection.Socket;

    /// <summary>Address of the client; IPv4 addresses as such.</summary>
    public IPAddress RemoteAddress => connection.RemoteAddress;

    /// <summary><see cref="RemoteAddress"/> in words; every request needs it.</summary>
    public string RemoteText => field ??= RemoteAddress.ToString();

    /// <summary>Id of the listener that terminated TLS, chosen by SNI; null: none did.</summary>
    public string? TlsListener { get; init; }

    /// <summary>The name that the client asked for in its TLS handshake, in the form of <see cref="RequestHost"/>; null: none.</summary>
    public string? ServerName { get; init; }

    /// <summary>How the handshake is done; null: there is none.</summary>
    public SslServerAuthenticationOptions? Handshake { get; init; }

    /// <summary>What is told of the handshake if it fails.</summary>
    public StreamRecord? Record { get; init; }

    /// <summary>Whether the handshake has succeeded.</summary>
    public bool IsSecure { get; set; }

    /// <summary>Whether the connection should end after the request.</summary>
    public bool IsClosing => connection.IsClosing || connection.Socket.IsClosing;

    /// <summary>The most specific first: a Gateway's own address before the default address.</summary>
    public IReadOnlyList<SocketKey> Keys => connection.Socket.Keys;
}
