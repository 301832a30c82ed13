using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>A connection from its accept to its end, whoever carries it: first ourselves, then Kestrel or a relay.</summary>
internal sealed class LiveConnection : IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private volatile ConnectionContext? _lane;
    private volatile bool _isClosing;
    private int _ended;

    /// <exception cref="SocketException">The client has gone already.</exception>
    public LiveConnection(Socket accepted, BoundSocket socket)
    {
        Accepted = accepted;
        Socket = socket;
        Protocol = socket.Protocol;
        Remote = (IPEndPoint)accepted.RemoteEndPoint!;
        RemoteAddress = Remote.Address.IsIPv4MappedToIPv6 ? Remote.Address.MapToIPv4() : Remote.Address;
        Cut = _cut.Token;
    }

    public Socket Accepted { get; }

    public BoundSocket Socket { get; }

    /// <summary>What its socket spoke when it came.</summary>
    public SocketProtocol Protocol { get; }

    public IPEndPoint Remote { get; }

    /// <summary>Address of the client; IPv4 addresses as such.</summary>
    public IPAddress RemoteAddress { get; }

    /// <summary>Id of the listener that took it; null: that was not decided, or is decided for each request.</summary>
    public string? Listener { get; set; }

    /// <summary>Whether it was asked to end.</summary>
    public bool IsClosing => _isClosing;

    /// <summary>Cancelled when the connection is cut.</summary>
    public CancellationToken Cut { get; }

    /// <summary>Gives the connection to Kestrel.</summary>
    public void CarryBy(ConnectionContext lane) => _lane = lane;

    /// <summary>Asks the connection to end when it can: HTTP after the request, others when they fall silent.</summary>
    public void RequestClose()
    {
        _isClosing = true;
        _lane?.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    /// <summary>Ends the connection now.</summary>
    public void Abort()
    {
        _isClosing = true;
        if (_lane is { } lane)
            lane.Abort(new ConnectionAbortedException("The listener is closed."));
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    /// <summary>The connection is over. Whoever carries it last says so, once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        Socket.Untrack(this);
        if (_lane is null)
            Accepted.Dispose();
        _cut.Dispose();
    }
}
