using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Testing.Net;

/// <summary>Ports of the loopback interface that nothing else uses.</summary>
public static class FreePort
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that is free now and that no earlier call in this process has given away.</summary>
    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
                if (Given.Add(port))
                    return port;
            }
        }
    }
}
