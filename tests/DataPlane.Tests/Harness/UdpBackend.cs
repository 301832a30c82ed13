using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A real UDP server: answers each datagram with those that a handler makes of it.</summary>
internal sealed class UdpBackend : IDisposable
{
    private readonly Socket _socket;
    private readonly Func<string, IEnumerable<byte[]>> _handler;
    private int _received;

    private UdpBackend(Func<string, IEnumerable<byte[]>> handler, IPAddress address)
    {
        _handler = handler;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(address, 0));
        _ = RunAsync();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public int Received => Volatile.Read(ref _received);

    /// <summary>Answers with its name, the sender's port as it sees it, and what it got.</summary>
    public static UdpBackend Echo(string name = "", IPAddress? address = null) => Of(text => [Encoding.Latin1.GetBytes(name + text)], address);

    public static UdpBackend Of(Func<string, IEnumerable<byte[]>> handler, IPAddress? address = null) => new(handler, address ?? IPAddress.Loopback);

    public void Dispose() => _socket.Dispose();

    private async Task RunAsync()
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            try
            {
                var got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
                Interlocked.Increment(ref _received);
                foreach (var reply in _handler(Encoding.Latin1.GetString(buffer, 0, got.ReceivedBytes)))
                    await _socket.SendToAsync(reply, got.RemoteEndPoint);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                if (closed is ObjectDisposedException || ((SocketException)closed).SocketErrorCode is SocketError.OperationAborted)
                    return;
            }
        }
    }
}

/// <summary>A UDP client.</summary>
internal sealed class UdpClientSocket : IDisposable
{
    private readonly Socket _socket;

    public UdpClientSocket(int port, IPAddress? gateway = null)
    {
        var address = gateway ?? IPAddress.Loopback;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // Connected: what comes from another address than the one that was asked is not taken.
        _socket.Connect(address, port);
    }

    public void Send(string text) => _socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>What comes; null: nothing.</summary>
    public async Task<string?> ReceiveAsync(int waitMs = 3_000)
    {
        using var limit = new CancellationTokenSource(waitMs);
        var buffer = new byte[64 * 1024];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, limit.Token));
        }
        catch (Exception nothing) when (nothing is OperationCanceledException or SocketException)
        {
            return null;
        }
    }

    public Task<string?> AskAsync(string text, int waitMs = 3_000)
    {
        Send(text);
        return ReceiveAsync(waitMs);
    }

    public void Dispose() => _socket.Dispose();
}
