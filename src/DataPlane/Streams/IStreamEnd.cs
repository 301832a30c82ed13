using System.Net.Security;
using System.Net.Sockets;

namespace Gatehouse.DataPlane.Streams;

/// <summary>One end of a relay: a plain socket or TLS on one.</summary>
internal interface IStreamEnd
{
    /// <summary>Receives; 0: the other side says no more. An empty buffer waits until there is something.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    ValueTask SendAsync(ReadOnlyMemory<byte> data);

    /// <summary>Says that no more comes; the other direction goes on.</summary>
    ValueTask FinishAsync();

    /// <summary>Ends it for good.</summary>
    /// <param name="reset">Whether the other side must see that something is missing.</param>
    void Close(bool reset);
}

/// <summary>A socket. Bytes go from one to the other without a pipe between.</summary>
internal sealed class SocketEnd(Socket socket) : IStreamEnd
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
            data = data[await socket.SendAsync(data, SocketFlags.None)..];
    }

    public ValueTask FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return default;
    }

    public void Close(bool reset)
    {
        if (reset)
            Reset(socket);
        else
            socket.Dispose();
    }

    /// <summary>Closes with RST.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Dispose();
    }
}

/// <summary>TLS on a socket.</summary>
internal sealed class TlsEnd(SslStream stream, Socket socket) : IStreamEnd
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public ValueTask SendAsync(ReadOnlyMemory<byte> data) => stream.WriteAsync(data);

    // close_notify (RFC 8446 §6.1): the other direction stays open.
    public async ValueTask FinishAsync() => await stream.ShutdownAsync();

    public void Close(bool reset)
    {
        if (reset)
            SocketEnd.Reset(socket);
        stream.Dispose();
    }
}
