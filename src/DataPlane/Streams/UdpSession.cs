using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Gatehouse.DataPlane.Routing;

namespace Gatehouse.DataPlane.Streams;

/// <summary>
/// Datagrams between one client and one endpoint, until there have been none for a while. A client whose datagrams cannot go on has a
/// session too: it is decided and reported once, not for each of them.
/// </summary>
internal sealed class UdpSession(UdpSocket origin, SocketAddress client, IPAddress source, StreamRecord record, TimeProvider clock)
{
    private const int LargestDatagram = 64 * 1024;

    /// <summary>Datagrams that wait while the endpoint's name is resolved.</summary>
    private const int MaxWaiting = 8;

    private readonly Lock _gate = new();
    private readonly ReplyBudget _budget = new();
    private List<byte[]>? _waiting = [];
    private Socket? _backend;
    private volatile bool _ended;
    private long _lastActive = clock.GetTimestamp();
    private int _heard;

    public SocketAddress Client => client;

    public IPAddress Source => source;

    public UdpSocket Origin => origin;

    public StreamRecord Record => record;

    /// <summary>The table by which it was decided or found still to hold.</summary>
    public RouteTable? Table { get; set; }

    public TimeSpan Idle => clock.GetElapsedTime(Volatile.Read(ref _lastActive));

    /// <summary>Whether it is over.</summary>
    public bool HasEnded => _ended;

    /// <summary>Whether it looks like a question that was answered, or has led nowhere: it may make room for another.</summary>
    public bool IsSpent => record.Fault is not null || (Volatile.Read(ref _heard) == 1 && record.Sent > 0);

    /// <summary>Sends a datagram of the client on.</summary>
    public void Forward(ReadOnlySpan<byte> datagram)
    {
        Volatile.Write(ref _lastActive, clock.GetTimestamp());
        Interlocked.Increment(ref _heard);
        if (record.Fault is not null)
            return;
        _budget.Heard();
        lock (_gate)
        {
            if (_ended)
                return;
            if (_backend is null)
            {
                if (_waiting!.Count < MaxWaiting)
                    _waiting.Add(datagram.ToArray());
                return;
            }
            Send(datagram);
        }
    }

    /// <summary>The way to the endpoint is open: what waits is sent, and replies go back from now on.</summary>
    public void Open(Socket backend)
    {
        lock (_gate)
        {
            if (_ended)
            {
                backend.Dispose();
                return;
            }
            _backend = backend;
            foreach (var datagram in _waiting!)
                Send(datagram);
            _waiting = null;
        }
        _ = ReplyAsync(backend);
    }

    /// <summary>Ends it; false: it had ended.</summary>
    public bool End()
    {
        lock (_gate)
        {
            if (_ended)
                return false;
            _ended = true;
            _waiting = null;
            _backend?.Dispose();
            return true;
        }
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _backend!.Send(datagram);
            record.Count(datagram.Length, fromClient: true);
        }
        catch (SocketException)
        {
            // Lost, as datagrams may be. That the endpoint is not there is heard where replies are waited for.
        }
    }

    private async Task ReplyAsync(Socket backend)
    {
        try
        {
            while (true)
            {
                // Waits without holding a buffer: sessions are many and mostly silent.
                await backend.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek);
                var buffer = ArrayPool<byte>.Shared.Rent(LargestDatagram);
                try
                {
                    var length = await backend.ReceiveAsync(buffer, SocketFlags.None);
                    Volatile.Write(ref _lastActive, clock.GetTimestamp());
                    if (!_budget.TrySpend(length))
                    {
                        record.RepliesDropped = true;
                        continue;
                    }
                    await origin.ReplyAsync(buffer.AsMemory(0, length), client);
                    record.Count(length, fromClient: false);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // The next datagram of the client begins anew, maybe with another endpoint.
            record.Fault = StreamFault.Unreachable;
            origin.Sessions.End(this);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            origin.Sessions.End(this);
        }
    }
}
