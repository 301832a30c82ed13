using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.DataPlane.Tests.Harness;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Hardening;

/// <summary>Attacks on raw sockets. Whatever must not pass must not reach the backend either.</summary>
public sealed class FramingTests
{
    [Theory]
    [InlineData("Content-Length and Transfer-Encoding", "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding and Content-Length", "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n")]
    [InlineData("unknown coding", "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("identity coding", "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("coding twice", "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("not chunked at last", "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n")]
    [InlineData("obscured coding", "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("coding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("length with a sign", "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: +4\r\n\r\nabcd")]
    [InlineData("negative length", "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("two lengths", "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde")]
    [InlineData("list of lengths", "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4, 4\r\n\r\nabcd")]
    [InlineData("bare line feeds", "GET / HTTP/1.1\nHost: shop.test\n\n")]
    [InlineData("blank before colon", "GET / HTTP/1.1\r\nHost : shop.test\r\n\r\n")]
    [InlineData("folded header", "GET / HTTP/1.1\r\nHost: shop.test\r\nX-A: b\r\n c\r\n\r\n")]
    [InlineData("no host", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n")]
    [InlineData("two hosts", "GET / HTTP/1.1\r\nHost: shop.test\r\nHost: shop.test\r\n\r\n")]
    [InlineData("bad port", "GET / HTTP/1.1\r\nHost: shop.test:abc\r\n\r\n")]
    [InlineData("user in host", "GET / HTTP/1.1\r\nHost: x@shop.test\r\n\r\n")]
    [InlineData("other host in target", "GET http://other.test/ HTTP/1.1\r\nHost: shop.test\r\n\r\n")]
    [InlineData("fragment", "GET /#x HTTP/1.1\r\nHost: shop.test\r\n\r\n")]
    [InlineData("octets in target", "GET /\xe4 HTTP/1.1\r\nHost: shop.test\r\n\r\n")]
    [InlineData("upgrade without key", "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n")]
    public async Task Request_Ambiguous_Is400(string what, string request)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend);
        var answer = await gateway.RawAsync(request, silenceMs: 700);
        Assert.True(answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData("CONNECT shop.test:80 HTTP/1.1\r\nHost: shop.test:80\r\n\r\n")]
    [InlineData("TRACE / HTTP/1.1\r\nHost: shop.test\r\n\r\n")]
    public async Task Method_Dangerous_Is405(string request)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend);
        Assert.StartsWith("HTTP/1.1 405", await gateway.RawAsync(request, silenceMs: 700), StringComparison.Ordinal);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Framing_Broken_ClosesTheConnection()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend);
        var answer = await gateway.RawAsync("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        Assert.EndsWith("<closed>", answer, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("close, X-Secret")]
    [InlineData("X-Secret, close")]
    [InlineData("keep-alive, X-Secret, Close")]
    [InlineData("close\r\nConnection: X-Secret")]
    [InlineData("X-Secret\r\nConnection: keep-alive")]
    [InlineData("keep-alive\r\nConnection: keep-alive, X-Secret")]
    public async Task Headers_NamedByConnection_GoNoFurther(string connection)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend);
        var answer = await gateway.RawAsync($"GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: {connection}\r\nX-Secret: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nX-Kept: 1\r\n\r\n");
        var echo = Echo.Read(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
        Assert.EndsWith("<closed>", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Secret", echo.Headers.Keys);
        Assert.DoesNotContain("Keep-Alive", echo.Headers.Keys);
        Assert.DoesNotContain("Proxy-Connection", echo.Headers.Keys);
        Assert.Equal("1", echo.Headers["X-Kept"]);
    }

    [Fact]
    public async Task Headers_Spoofed_AreDroppedOrOverwritten()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend);
        var echo = await gateway.EchoAsync(
            "shop.test", "/", null, ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil"), ("X-Real-IP", "6.6.6.6"),
            ("X-Forwarded-Port", "1"), ("X-Original-URL", "/admin"), ("X-Rewrite-URL", "/admin"), ("True-Client-IP", "6.6.6.6"), ("X-Client-Cert", "x"),
            ("X_Forwarded_For", "6.6.6.6"), ("X_Real_IP", "6.6.6.6"), ("Forwarded", "for=6.6.6.6"));
        Assert.Equal("127.0.0.1", echo.Headers["X-Forwarded-For"]);
        Assert.Equal("http", echo.Headers["X-Forwarded-Proto"]);
        Assert.Equal("shop.test", echo.Headers["X-Forwarded-Host"]);
        Assert.DoesNotContain(echo.Headers.Values, value => value.Contains("6.6.6.6", StringComparison.Ordinal) || value == "/admin");
        Assert.DoesNotContain("X-Client-Cert", echo.Headers.Keys);
    }

    [Fact]
    public async Task Header_WithOctetsThatAreNotAscii_PassesUnchanged()
    {
        await using var backend = RawBackend.Start("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Back: \xfc\xc3\xa9\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        var answer = await gateway.RawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\nX-Octets: caf\xc3\xa9\xe4\r\n\r\n");
        Assert.Contains("X-Back: \xfc\xc3\xa9\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Octets: caf\xc3\xa9\xe4\r\n", backend.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: evil\r\n\r\nraw bytes")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nxx")]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("")]
    public async Task Backend_Hostile_IsAnsweredFor(string answerOfBackend)
    {
        await using var backend = RawBackend.Start(answerOfBackend);
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.DoesNotContain("raw bytes", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_WithEndlessHeaders_IsBounded()
    {
        await using var backend = RawBackend.Start("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X-Fill: " + new string('a', 1_000) + "\r\n", 1_000)));
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.GetAsync("shop.test")).Status);
    }

    [Fact]
    public async Task Backend_NamingHeadersInConnection_HasThemStripped()
    {
        await using var backend = RawBackend.Start("HTTP/1.1 200 OK\r\nConnection: close, X-Inner\r\nX-Inner: 1\r\nX-Outer: 1\r\nContent-Length: 2\r\n\r\nok");
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        var (status, headers, _) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(headers.Contains("X-Inner"));
        Assert.True(headers.Contains("X-Outer"));
    }

    private static Task<TestGateway> StartAsync(TestBackend backend) =>
        TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
}

/// <summary>Answers every connection with the same bytes and closes it.</summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>The last request, octet by octet.</summary>
    public string Received { get; private set; } = "";

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public static RawBackend Start(string answer)
    {
        var backend = new RawBackend();
        backend._socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        backend._socket.Listen();
        _ = backend.RunAsync(Encoding.Latin1.GetBytes(answer));
        return backend;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }

    private async Task RunAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var connection = await _socket.AcceptAsync();
                var buffer = new byte[64 * 1024];
                var length = await connection.ReceiveAsync(buffer);
                if (length == 0)
                    continue;
                Received = Encoding.Latin1.GetString(buffer, 0, length);
                await connection.SendAsync(answer);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over, or the gateway hung up.
        }
    }
}
