using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gatehouse.Dns.Exchanges;

/// <summary>One message to a server and one back.</summary>
internal static class Wire
{
    // More than we say that we take by UDP, for servers that do not listen.
    private const int MaxDatagram = 4096;

    // A flood of forgeries ends a try early rather than keeping a processor busy.
    private const int MaxDatagrams = 200;

    /// <summary>
    /// Sends a datagram from a fresh port that the system picks at random, and waits for one that is accepted. The socket is connected:
    /// what comes from another address never gets here.
    /// </summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="request">What to send.</param>
    /// <param name="isAccepted">Whether a datagram is the answer.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The datagram; null: too many came that were not accepted.</returns>
    /// <exception cref="SocketException">There is no way to the server, or nothing listens.</exception>
    public static async Task<byte[]?> ByUdpAsync(DnsServer server, ReadOnlyMemory<byte> request, Func<ReadOnlyMemory<byte>, bool> isAccepted, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server.EndPoint, cancellationToken);
        await socket.SendAsync(request, cancellationToken);
        var buffer = new byte[MaxDatagram];
        for (var i = 0; i < MaxDatagrams; i++)
        {
            var length = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (isAccepted(buffer.AsMemory(0, length)))
                return buffer[..length];
        }
        return null;
    }

    /// <summary>Sends a message over a new connection, each way with its length before it (RFC 1035 4.2.2).</summary>
    /// <exception cref="SocketException">There is no way to the server, or nothing listens.</exception>
    /// <exception cref="IOException">The connection broke off.</exception>
    public static async Task<byte[]> ByTcpAsync(DnsServer server, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.EndPoint, cancellationToken);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var framed = new byte[request.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, checked((ushort)request.Length));
        request.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, cancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }
}
