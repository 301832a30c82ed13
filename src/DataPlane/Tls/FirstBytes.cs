using System.Buffers;
using System.Net.Sockets;
using Gatehouse.DataPlane.Streams;

namespace Gatehouse.DataPlane.Tls;

/// <summary>What a TLS client sent first.</summary>
/// <param name="Bytes">All that was read.</param>
/// <param name="Hello">What it says.</param>
/// <param name="Fault">Why it cannot go on; null: it can.</param>
internal readonly record struct FirstBytes(byte[] Bytes, HelloContent Hello, StreamFault? Fault)
{
    /// <summary>Nothing that can go on.</summary>
    public static FirstBytes Of(StreamFault fault) => new([], HelloContent.None, fault);

    // A hello in many small records takes more than its size.
    private const int BufferSize = ClientHello.MaxSize + 2048;

    /// <summary>Reads a ClientHello from the socket.</summary>
    /// <exception cref="OperationCanceledException">It took too long, or the connection was cut.</exception>
    /// <exception cref="SocketException">The client is gone.</exception>
    public static async ValueTask<FirstBytes> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        // A silent client holds no buffer.
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = 0;
            while (true)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(length, BufferSize - length), SocketFlags.None, cancellationToken);
                if (count == 0)
                    return Of(length == 0 ? StreamFault.ClientGone : StreamFault.BadHello);
                length += count;
                switch (ClientHello.Read(buffer.AsSpan(0, length), out var hello))
                {
                    case HelloState.Complete:
                        return new FirstBytes(buffer[..length], hello, null);
                    case HelloState.Malformed:
                        return Of(StreamFault.BadHello);
                    case HelloState.TooLarge:
                    case HelloState.Incomplete when length == BufferSize:
                        return Of(StreamFault.HelloTooLarge);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
