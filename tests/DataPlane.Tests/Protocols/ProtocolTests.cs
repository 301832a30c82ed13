using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.DataPlane.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Protocols;

public sealed class ProtocolTests
{
    [Fact]
    public async Task Http2_WithPriorKnowledge_SharesThePortWithHttp1()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var client = gateway.Client(version);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/x") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Host = "shop.test";
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(version, response.Version);
            var echo = Echo.Read(await response.Content.ReadAsStringAsync());
            Assert.Equal("HTTP/1.1", echo.Protocol);
            Assert.Equal("shop.test", echo.Host);
        }
    }

    [Fact]
    public async Task WebSocket_ThroughTheGateway_CarriesBothWays()
    {
        await using var backend = await TestBackend.StartAsync(handler: EchoSocketAsync);
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]) with { RequestTimeoutMs = 300 })));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", "shop.test");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Port}/ws"), CancellationToken.None);
        // Longer than the rule's timeout, which ends with the upgrade.
        await Task.Delay(500);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    [Fact]
    public async Task Grpc_PassingThrough_KeepsTrailersAndStreams()
    {
        await using var backend = await TestBackend.StartAsync(handler: GrpcEchoAsync, protocols: HttpProtocols.Http2);
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port) with { Protocol = "grpc" }], Host("shop.test", Rule([To("v1")]))));
        using var client = gateway.Client(HttpVersion.Version20);
        using var up = new StreamedContent();
        using var request = GrpcRequest(up);
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await up.WriteAsync("ping1");
        using var response = await sending;
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        Assert.Equal("ping1", Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer)));
        await up.WriteAsync("ping2");
        Assert.Equal("ping2", Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer)));
        up.Complete();
        Assert.Equal(0, await body.ReadAsync(buffer));
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("other.test", "12")]
    [InlineData("empty.test", "14")]
    [InlineData("invalid.test", "14")]
    public async Task Grpc_ThatCannotBeForwarded_GetsTrailersOnly(string host, string grpcStatus)
    {
        await using var gateway = await TestGateway.StartAsync(Table([Backend("none")], Host("empty.test", Rule([To("none")])), Host("invalid.test", Rule([Invalid()]))));
        using var client = gateway.Client(HttpVersion.Version20);
        using var request = GrpcRequest(new ByteArrayContent([]));
        request.Headers.Host = host;
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(grpcStatus, response.Headers.GetValues("grpc-status").Single());
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Body_OfManyMegabytes_StreamsBothWays()
    {
        var sent = new byte[40 << 20];
        new Random(1).NextBytes(sent);
        await using var backend = await TestBackend.StartAsync(handler: async context =>
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            var received = await SHA256.HashDataAsync(context.Request.Body);
            context.Response.Headers["X-Received"] = Convert.ToHexString(received);
            await context.Response.Body.WriteAsync(sent);
        });
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Host = "shop.test";
        using var response = await client.PostAsync("/", new ByteArrayContent(sent));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(sent)), response.Headers.GetValues("X-Received").Single());
        var received = await response.Content.ReadAsByteArrayAsync();
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Response_InPieces_ReachesTheClientPieceByPiece()
    {
        var go = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(handler: async context =>
        {
            await context.Response.WriteAsync("one");
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.WriteAsync("two");
        });
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Host = "shop.test";
        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        Assert.Equal("one", Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer)));
        go.SetResult();
        Assert.Equal("two", Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer)));
    }

    [Fact]
    public async Task Affinity_WithCookie_KeepsTheEndpoint()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", a.Port, b.Port) with { AffinityCookie = "stick" }], Host("shop.test", Rule([To("v1")]))));
        var (_, headers, body) = await gateway.GetAsync("shop.test");
        var cookie = headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (var i = 0; i < 6; i++)
            Assert.Equal(Echo.Read(body).Backend, (await gateway.EchoAsync("shop.test", "/", null, ("Cookie", cookie))).Backend);
    }

    private static HttpRequestMessage GrpcRequest(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/svc/Method") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.Host = "shop.test";
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        return request;
    }

    private static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1_000];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                return;
            }
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }

    private static async Task GrpcEchoAsync(HttpContext context)
    {
        Assert.Equal("trailers", context.Request.Headers.TE.ToString());
        context.Response.ContentType = "application/grpc";
        var buffer = new byte[100];
        int length;
        while ((length = await context.Request.Body.ReadAsync(buffer)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, length));
            await context.Response.Body.FlushAsync();
        }
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
