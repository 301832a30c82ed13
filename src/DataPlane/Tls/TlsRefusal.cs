using System.Net.Sockets;
using Gatehouse.DataPlane.Streams;

namespace Gatehouse.DataPlane.Tls;

/// <summary>Tells TLS clients that their connection goes no further, before any handshake.</summary>
internal static class TlsRefusal
{
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(1);

    /// <exception cref="SocketException">The client is gone.</exception>
    public static async ValueTask SendAsync(Socket socket, StreamFault fault, TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(SendTime, clock);
        // A fatal alert in a record of its own (RFC 8446 §6).
        byte[] alert = [21, 3, 3, 0, 2, 2, (byte)fault.Alert];
        await socket.SendAsync(alert, SocketFlags.None, limit.Token);
        socket.Shutdown(SocketShutdown.Send);
    }
}
