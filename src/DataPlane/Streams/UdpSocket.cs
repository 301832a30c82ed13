using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Streams;

/// <summary>A socket that clients send datagrams to, and that replies go out by: from the address that was asked.</summary>
internal sealed class UdpSocket : IBoundSocket
{
    private const int LargestDatagram = 64 * 1024;
    private const int ReceiveBuffer = 1024 * 1024;
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly Lazy<UdpFront> _front;
    private readonly ConcurrentDictionary<SocketAddress, UdpSession> _sessions = new();
    private readonly Lock _begin = new();
    private volatile IReadOnlyList<SocketKey> _keys = [];
    private volatile bool _closing;

    private UdpSocket(IPEndPoint endpoint, Socket socket, Lazy<UdpFront> front)
    {
        EndPoint = endpoint;
        _socket = socket;
        _front = front;
    }

    public IPEndPoint EndPoint { get; }

    public IReadOnlyList<SocketKey> Keys
    {
        get => _keys;
        set => _keys = value;
    }

    public UdpSessions Sessions => _front.Value.Sessions;

    /// <param name="endpoint">What is bound.</param>
    /// <param name="front">Decides sessions.</param>
    /// <param name="shared">Whether it stands beside a socket for all addresses.</param>
    /// <exception cref="SocketException">The socket cannot be bound.</exception>
    public static UdpSocket Open(IPEndPoint endpoint, Lazy<UdpFront> front, bool shared = false)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = ReceiveBuffer;
            if (shared)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endpoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new UdpSocket((IPEndPoint)socket.LocalEndPoint!, socket, front);
    }

    public void Start() => _ = ReceiveAsync();

    /// <summary>Takes a datagram that came by another socket.</summary>
    public void Take(SocketAddress sender, ReadOnlySpan<byte> datagram)
    {
        // Sessions are begun by one thread at a time.
        lock (_begin)
            SessionOf(sender)?.Forward(datagram);
    }

    /// <summary>Sends a reply to a client.</summary>
    public ValueTask<int> ReplyAsync(ReadOnlyMemory<byte> datagram, SocketAddress client) => _socket.SendToAsync(datagram, SocketFlags.None, client);

    /// <summary>The session is over.</summary>
    public void Forget(UdpSession session) => _sessions.TryRemove(new KeyValuePair<SocketAddress, UdpSession>(session.Client, session));

    public async Task CloseAsync(TimeSpan drain, TimeProvider clock)
    {
        _closing = true;
        var began = clock.GetTimestamp();
        var limit = drain < LongestDrain ? drain : LongestDrain;
        while (clock.GetElapsedTime(began) < limit && _sessions.Values.Any(session => session.Idle < QuietTime))
            await Task.Delay(Pause, clock);
        _socket.Dispose();
        Sessions.EndWhere(session => session.Origin == this);
    }

    private async Task ReceiveAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var sender = new SocketAddress(EndPoint.AddressFamily);
        while (true)
        {
            try
            {
                // The call shortens it to what the sender's address takes.
                sender.Size = SocketAddress.GetMaximumAddressSize(EndPoint.AddressFamily);
                var length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, sender);
                Take(sender, buffer.AsSpan(0, length));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure)
            {
                if (_closing && failure.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    private UdpSession? SessionOf(SocketAddress sender)
    {
        if (_sessions.TryGetValue(sender, out var session))
        {
            if (!session.HasEnded && _front.Value.Holds(session))
                return session;
            Forget(session);
            Sessions.End(session);
        }
        if (_closing)
            return null;
        var client = new SocketAddress(sender.Family, sender.Size);
        sender.Buffer.Span[..sender.Size].CopyTo(client.Buffer.Span);
        if (_front.Value.Begin(this, client) is not { } begun)
            return null;
        _sessions[client] = begun;
        // Another socket's client may have taken its room already.
        if (begun.HasEnded)
            Forget(begun);
        return begun;
    }
}
