using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.DataPlane.Tests.Harness;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Hardening;

/// <summary>A backend is as untrusted as a client: what it answers may hurt neither the client nor the gateway.</summary>
public sealed class HostileBackendTests
{
    [Theory]
    [InlineData("status 0", "HTTP/1.1 000 X\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("status 99", "HTTP/1.1 099 X\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("content where none can be", "HTTP/1.1 205 Reset\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("chunks where none can be", "HTTP/1.1 205 Reset\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("an upgrade that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\nokEXTRA")]
    [InlineData("control characters", "HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("a pseudo header", "HTTP/1.1 200 OK\r\n:status: 500\r\nContent-Length: 2\r\n\r\nok")]
    public async Task Answer_Unusable_Is502(string what, string answer)
    {
        var got = await AskAsync(answer);
        Assert.True(got.StartsWith("HTTP/1.1 502", StringComparison.Ordinal), $"{what}: {got}");
    }

    [Fact]
    public async Task NoContent_WithLength_IsPassedWithoutIt()
    {
        var got = await AskAsync("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nX-Kept: yes\r\n\r\nhello");
        Assert.StartsWith("HTTP/1.1 204", got, StringComparison.Ordinal);
        Assert.Contains("X-Kept: yes", got, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", got, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SecondAnswer_AfterTheFirst_ReachesNobody()
    {
        var got = await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 8\r\nX-Poison: 1\r\n\r\npoisoned", requests: 3);
        Assert.DoesNotContain("poison", got, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> AskAsync(string answer, int requests = 1)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, Encoding.Latin1.GetBytes(answer));
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", ((IPEndPoint)listener.LocalEndpoint).Port)], Host("shop.test", Rule([To("v1")]))));
        var got = "";
        for (var i = 0; i < requests; i++)
            got += await gateway.RawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n", silenceMs: 10_000);
        listener.Stop();
        await serving;
        return got;
    }

    private static async Task ServeAsync(TcpListener listener, byte[] answer)
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(AnswerAsync(await listener.AcceptSocketAsync(), answer));
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            await Task.WhenAny(Task.WhenAll(open), Task.Delay(TimeSpan.FromSeconds(2)));
        }
    }

    // Answers each request; probes of the gateway send nothing.
    private static async Task AnswerAsync(Socket socket, byte[] answer)
    {
        using var owned = socket;
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
                await socket.SendAsync(answer);
        }
        catch (SocketException)
        {
            // The gateway has hung up.
        }
    }
}
