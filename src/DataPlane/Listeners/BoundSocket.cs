using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>A listening socket and its live connections.</summary>
internal sealed class BoundSocket : IBoundSocket
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LatePause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly Lazy<Entrance> _entrance;
    private readonly ConnectionLimits _limits;
    private readonly ConcurrentDictionary<LiveConnection, byte> _live = new();
    private volatile bool _closing;
    private volatile IReadOnlyList<SocketKey> _keys = [];
    private volatile int _protocol;

    private BoundSocket(IPEndPoint endpoint, Socket socket, Lazy<Entrance> entrance, ConnectionLimits limits)
    {
        EndPoint = endpoint;
        _socket = socket;
        _entrance = entrance;
        _limits = limits;
    }

    public IPEndPoint EndPoint { get; }

    public IReadOnlyList<SocketKey> Keys
    {
        get => _keys;
        set => _keys = value;
    }

    /// <summary>What connections that are accepted from now on speak.</summary>
    public SocketProtocol Protocol
    {
        get => (SocketProtocol)_protocol;
        set => _protocol = (int)value;
    }

    /// <summary>Whether connections are asked to end.</summary>
    public bool IsClosing => _closing;

    public int LiveConnections => _live.Count;

    /// <exception cref="SocketException">The socket cannot be bound.</exception>
    public static BoundSocket Open(IPEndPoint endpoint, Lazy<Entrance> entrance, ConnectionLimits limits)
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
        return new BoundSocket((IPEndPoint)socket.LocalEndPoint!, socket, entrance, limits);
    }

    public void Start() => _ = AcceptAsync();

    /// <summary>The connection is over.</summary>
    public void Untrack(LiveConnection connection)
    {
        if (_live.TryRemove(connection, out _))
            _limits.Leave(connection.Remote);
    }

    /// <summary>Stops accepting, asks live connections to end, waits for them, then aborts what is left.</summary>
    public Task CloseAsync(TimeSpan drain, TimeProvider clock)
    {
        _closing = true;
        _socket.Dispose();
        return DrainAsync(static _ => true, drain, clock);
    }

    /// <summary>Asks some connections to end, waits for them, then aborts what is left of them.</summary>
    public async Task DrainAsync(Func<LiveConnection, bool> those, TimeSpan drain, TimeProvider clock)
    {
        // Connections that were accepted last must have reached Kestrel to hear the request.
        await Task.Delay(LatePause, clock);
        foreach (var connection in _live.Keys.Where(those))
            connection.RequestClose();
        var began = clock.GetTimestamp();
        while (_live.Keys.Any(those) && clock.GetElapsedTime(began) < drain)
            await Task.Delay(LatePause, clock);
        foreach (var connection in _live.Keys.Where(those))
            connection.Abort();
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
        LiveConnection? connection = null;
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
            connection = new LiveConnection(accepted, this);
            _live[connection] = 0;
            _entrance.Value.Enter(connection);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            if (connection is not null)
            {
                connection.Dispose();
                return;
            }
            accepted.Dispose();
            if (counted is not null)
                _limits.Leave(counted);
        }
    }
}
