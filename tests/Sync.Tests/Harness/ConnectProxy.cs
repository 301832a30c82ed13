using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Sync.Tests.Harness;

/// <summary>A small HTTP proxy on loopback that knows CONNECT alone.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly bool _refuses;
    private volatile int _frozen;

    public ConnectProxy(bool refuses = false)
    {
        _refuses = refuses;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Heads of the requests that came.</summary>
    public List<string> Heads { get; } = [];

    /// <summary>Lets nothing more through the tunnels of now, and closes none: as a load balancer does that has forgotten them.</summary>
    public void Freeze() => _frozen = Heads.Count;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var tunnels = new List<Task>();
        try
        {
            while (true)
                tunnels.Add(TunnelAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(tunnels);
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = await ReadHeadAsync(stream);
                lock (Heads)
                    Heads.Add(head);
                if (_refuses)
                {
                    await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                    return;
                }
                using var server = new TcpClient();
                await server.ConnectAsync(IPEndPoint.Parse(head.Split(' ')[1]), _stop.Token);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop.Token);
                await Task.WhenAny(PumpAsync(stream, server.GetStream(), Heads.Count), PumpAsync(server.GetStream(), stream, Heads.Count));
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // One side went away.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, int number)
    {
        var buffer = new byte[4096];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (number <= _frozen)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
