using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A real TCP server: runs a handler on each connection.</summary>
internal sealed class TcpBackend : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Socket, Task> _handler;

    private TcpBackend(Func<Socket, Task> handler)
    {
        _handler = handler;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Says its name, then sends back what it gets, until the client has said all.</summary>
    public static TcpBackend Echo(string name = "") => new(async socket =>
    {
        if (name.Length > 0)
            await socket.SendAsync(Encoding.ASCII.GetBytes(name + "\n"));
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
        {
            for (var sent = 0; sent < count;)
                sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent));
        }
        socket.Shutdown(SocketShutdown.Send);
    });

    public static TcpBackend Of(Func<Socket, Task> handler) => new(handler);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await _listener.AcceptAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = RunAsync(accepted);
        }
    }

    private async Task RunAsync(Socket accepted)
    {
        using (accepted)
        {
            try
            {
                await _handler(accepted);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // The gateway closed first.
            }
        }
    }
}
