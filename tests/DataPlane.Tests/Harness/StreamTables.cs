using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>Short ways to write tables for connections and datagrams, and clients for them.</summary>
internal static class StreamTables
{
    public const int ListenerPort = 5432;

    public static ListenerEntry Tcp(string id = "tcp", int port = ListenerPort) => new()
    {
        Id = $"shop/Gateway/db/{id}", Tenant = "shop", Gateway = "shop/db", Port = port, Protocol = "TCP",
    };

    public static BackendEntry TcpBackendEntry(string name, params int[] ports) => Tables.Backend(name, ports) with { Protocol = "tcp" };

    public static HostEntry StreamHost(ListenerEntry listener, string hostname, params WeightedBackend[] backends) => new()
    {
        Listener = listener.Id, Hostname = hostname, Matches = [],
        Rules = [new CompiledRule { Source = new RuleSource("TCPRoute", "shop", "db", 0), Backends = backends }],
    };

    public static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>Reads until the other side has said all.</summary>
    /// <exception cref="SocketException">It was reset.</exception>
    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return text.ToString();
    }

    /// <summary>Sends, says that this is all, and reads the answer.</summary>
    public static async Task<string> AskAsync(int port, string text)
    {
        using var socket = await ConnectAsync(port);
        await socket.SendAsync(Encoding.Latin1.GetBytes(text));
        socket.Shutdown(SocketShutdown.Send);
        return await ReadToEndAsync(socket);
    }
}
