using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>A listening socket and its live connections.</summary>
internal sealed class BoundSocket
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LatePause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly LaneTransport _transport;
    private readonly ConnectionLimits _limits;
    private readonly ConcurrentDictionary<ConnectionContext, byte> _live = new();
    private volatile bool _closing;

    private BoundSocket(IPEndPoint endpoint, Socket socket, LaneTransport transport, ConnectionLimits limits)
    {
        EndPoint = endpoint;
        _socket = socket;
        _transport = transport;
        _limits = limits;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What clients see this socket as; the most specific first.</summary>
    public IReadOnlyList<SocketKey> Keys { get; set; } = [];

    /// <summary>Whether connections are asked to end.</summary>
    public bool IsClosing => _closing;

    public int LiveConnections => _live.Count;

    /// <exception cref="SocketException">The socket cannot be bound.</exception>
    public static BoundSocket Open(IPEndPoint endpoint, LaneTransport transport, ConnectionLimits limits)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(4096);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new BoundSocket((IPEndPoint)socket.LocalEndPoint!, socket, transport, limits);
    }

    /// <summary>Accepts until the socket is closed.</summary>
    public void Start() => _ = AcceptAsync();

    public void Track(ConnectionContext connection) => _live[connection] = 0;

    public void Untrack(ConnectionContext connection)
    {
        if (_live.TryRemove(connection, out _))
            _limits.Leave(connection.RemoteEndPoint);
    }

    /// <summary>Stops accepting, asks live connections to end, waits for them, then aborts what is left.</summary>
    public async Task CloseAsync(TimeSpan drain, TimeProvider clock)
    {
        _closing = true;
        _socket.Dispose();
        // Connections that were accepted last must have reached Kestrel to hear the request.
        await Task.Delay(LatePause, clock);
        foreach (var connection in _live.Keys)
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        var began = clock.GetTimestamp();
        while (!_live.IsEmpty && clock.GetElapsedTime(began) < drain)
            await Task.Delay(LatePause, clock);
        foreach (var connection in _live.Keys)
            connection.Abort(new ConnectionAbortedException("The listener is closed."));
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await _socket.AcceptAsync();
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                if (_closing)
                    return;
                // Out of descriptors, or a client that left at once.
                await Task.Delay(AcceptPause);
                continue;
            }
            Enter(accepted);
        }
    }

    private void Enter(Socket accepted)
    {
        EndPoint? counted = null;
        try
        {
            var remote = accepted.RemoteEndPoint;
            if (!_limits.TryEnter(remote))
            {
                accepted.Dispose();
                return;
            }
            counted = remote;
            accepted.NoDelay = true;
            _transport.Enter(accepted, this);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            accepted.Dispose();
            if (counted is not null)
                _limits.Leave(counted);
        }
    }
}
