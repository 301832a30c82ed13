using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Streams;

/// <summary>
/// A socket for all addresses of the machine. A reply must come from the address that was asked, which such a socket cannot say: when an
/// address is asked first, it gets a socket of its own, and the system hands its datagrams to that from then on.
/// </summary>
internal sealed class AnyUdpSocket : IBoundSocket
{
    private const int LargestDatagram = 64 * 1024;

    /// <summary>More addresses than machines have; beyond it the system chooses where replies come from.</summary>
    private const int MaxAddresses = 256;

    private readonly Socket _socket;
    private readonly Lazy<UdpFront> _front;
    private readonly ConcurrentDictionary<IPAddress, UdpSocket> _byAddress = new();
    private volatile IReadOnlyList<SocketKey> _keys = [];
    private volatile bool _closing;

    private AnyUdpSocket(Socket socket, Lazy<UdpFront> front)
    {
        _socket = socket;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _front = front;
    }

    public IPEndPoint EndPoint { get; }

    public IReadOnlyList<SocketKey> Keys
    {
        get => _keys;
        set
        {
            _keys = value;
            foreach (var socket in _byAddress.Values)
                socket.Keys = value;
        }
    }

    /// <exception cref="SocketException">The socket cannot be bound.</exception>
    public static AnyUdpSocket Open(IPEndPoint endpoint, Lazy<UdpFront> front)
    {
        // Shared sockets are bound beside those of other processes: one that is not shared tells first whether the port is free.
        using (var probe = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp))
            probe.Bind(endpoint);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.SetSocketOption(endpoint.AddressFamily == AddressFamily.InterNetworkV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
            socket.Bind(endpoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new AnyUdpSocket(socket, front);
    }

    public void Start() => _ = ReceiveAsync();

    public Task CloseAsync(TimeSpan drain, TimeProvider clock)
    {
        _closing = true;
        _socket.Dispose();
        return Task.WhenAll(_byAddress.Values.Select(socket => socket.CloseAsync(drain, clock)));
    }

    private async Task ReceiveAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var any = new IPEndPoint(EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!_closing)
        {
            try
            {
                var got = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, any);
                SocketOf(got.PacketInformation.Address)?.Take(((IPEndPoint)got.RemoteEndPoint).Serialize(), buffer.AsSpan(0, got.ReceivedBytes));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    private UdpSocket? SocketOf(IPAddress address)
    {
        if (_byAddress.TryGetValue(address, out var known))
            return known;
        if (_byAddress.Count >= MaxAddresses)
            return null;
        UdpSocket opened;
        try
        {
            opened = UdpSocket.Open(new IPEndPoint(address, EndPoint.Port), _front, shared: true);
        }
        catch (SocketException)
        {
            // A broadcast or multicast address: nobody answers from there.
            return null;
        }
        opened.Keys = _keys;
        opened.Start();
        return _byAddress[address] = opened;
    }
}
