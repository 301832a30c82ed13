using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Stands before a DNS server (UDP) and leaves questions about one label without an answer.</summary>
internal sealed class DnsRelay : IAsyncDisposable
{
    private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource stop = new();
    private readonly IPEndPoint server;
    private readonly Task running;
    private volatile string? silent;

    public DnsRelay(IPEndPoint server)
    {
        this.server = server;
        running = RunAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)socket.Client.LocalEndPoint!;

    /// <summary>Questions about names with this label are not answered; null: all are.</summary>
    public string? Silent
    {
        get => silent;
        set => silent = value;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        socket.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var question = await socket.ReceiveAsync(stop.Token);
                if (silent is { } label && Encoding.ASCII.GetString(question.Buffer).Contains(label, StringComparison.OrdinalIgnoreCase))
                    continue;
                _ = AnswerAsync(question);
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException)
            {
                // It ends, or somebody who asked is gone.
            }
        }
    }

    private async Task AnswerAsync(UdpReceiveResult question)
    {
        using var upstream = new UdpClient(AddressFamily.InterNetwork);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            upstream.Connect(server);
            await upstream.SendAsync(question.Buffer, patience.Token);
            var answer = await upstream.ReceiveAsync(patience.Token);
            await socket.SendAsync(answer.Buffer, question.RemoteEndPoint, stop.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Who asked asks again.
        }
    }
}
