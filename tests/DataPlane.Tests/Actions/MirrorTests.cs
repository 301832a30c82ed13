using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Gatehouse.DataPlane.Mirroring;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Actions;

public sealed class MirrorTests
{
    private static readonly MirrorAction All = new("shop/Backend/mirror", 1, 1);

    [Fact]
    public async Task Copy_OfARequest_IsWhatTheBackendGets()
    {
        await using var backend = await TestBackend.StartAsync("v1");
        await using var mirror = await Recorder.StartAsync();
        var rule = Rule(
            [To("v1")],
            All, new RequestHeadersAction(new HeaderChanges([new("X-Set", "new")], [], ["X-Gone"])), new UrlRewriteAction { Hostname = "inner.test", Path = new PathChange(null, "/a", "/b") });
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port), Backend("mirror", mirror.Port)], Host("shop.test", rule)));
        var echo = await gateway.EchoAsync("shop.test", "/a/x?q=1", HttpMethod.Get, ("X-Gone", "1"));
        var copy = await mirror.NextAsync();
        Assert.Equal("v1", echo.Backend);
        Assert.Equal(("GET", "/b/x?q=1", "inner.test", ""), (copy.Method, copy.Target, copy.Host, copy.Body));
        Assert.Equal(echo.Headers.OrderBy(header => header.Key), copy.Headers.OrderBy(header => header.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_OfARequest_IsCopied(bool chunked)
    {
        await using var backend = await TestBackend.StartAsync("v1", ReadAsync);
        await using var mirror = await Recorder.StartAsync();
        await using var gateway = await GatewayAsync(backend, mirror, All);
        var sent = new string('x', 100_000) + "end";
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(sent) };
        request.Headers.Host = "shop.test";
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await client.SendAsync(request);
        Assert.Equal(sent, await response.Content.ReadAsStringAsync());
        Assert.Equal(sent, (await mirror.NextAsync()).Body);
    }

    [Fact]
    public async Task Mirrors_OfRuleAndBackend_EachGetACopy()
    {
        await using var backend = await TestBackend.StartAsync("v1");
        await using var first = await Recorder.StartAsync();
        await using var second = await Recorder.StartAsync();
        var rule = Rule([To("v1", 1, new MirrorAction("shop/Backend/second", 1, 1))], new MirrorAction("shop/Backend/first", 1, 1));
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("v1", backend.Port), Backend("first", first.Port), Backend("second", second.Port)], Host("shop.test", rule)));
        await gateway.EchoAsync("shop.test", "/x");
        Assert.Equal("/x", (await first.NextAsync()).Target);
        Assert.Equal("/x", (await second.NextAsync()).Target);
    }

    [Theory]
    [InlineData(20, 100, 20)]
    [InlineData(1, 2, 50)]
    [InlineData(0, 100, 0)]
    [InlineData(100, 100, 100)]
    public void Share_OfRequests_IsCopied(int numerator, int denominator, int expected)
    {
        var target = new MirrorTarget(new MirrorAction("shop/Backend/mirror", numerator, denominator));
        var drawn = Enumerable.Range(0, 100).Count(_ => target.Draw());
        Assert.InRange(drawn, expected - 2, expected + 2);
    }

    [Fact]
    public async Task Mirror_WithManyEndpoints_GetsOneCopy()
    {
        await using var backend = await TestBackend.StartAsync("v1");
        await using var one = await Recorder.StartAsync();
        await using var two = await Recorder.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port), Backend("mirror", one.Port, two.Port)], Host("shop.test", Rule([To("v1")], All))));
        for (var i = 0; i < 20; i++)
            await gateway.EchoAsync("shop.test");
        await WaitAsync(() => one.Count + two.Count == 20);
        await Task.Delay(100);
        Assert.Equal(20, one.Count + two.Count);
    }

    [Fact]
    public async Task Mirror_ThatHangsOrFails_IsNeverWaitedFor()
    {
        await using var backend = await TestBackend.StartAsync("v1");
        await using var slow = await TestBackend.StartAsync("slow", context => Task.Delay(30_000, context.RequestAborted));
        var rule = Rule([To("v1")], new MirrorAction("shop/Backend/slow", 1, 1), new MirrorAction("shop/Backend/dead", 1, 1), new MirrorAction("shop/Backend/missing", 1, 1));
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port), Backend("slow", slow.Port), Backend("dead", FreePort.Next())], Host("shop.test", rule)));
        await gateway.EchoAsync("shop.test");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
            await gateway.EchoAsync("shop.test");
        Assert.InRange(watch.ElapsedMilliseconds, 0, 4_000);
        var mirrors = gateway.Services.GetRequiredService<Mirrors>();
        await WaitAsync(() => mirrors.Dropped >= 42);
    }

    [Fact]
    public async Task Mirror_ThatTakesABodyTooSlowly_IsGivenUpAndTheRequestGoesOn()
    {
        await using var backend = await TestBackend.StartAsync("v1", ReadAsync);
        await using var slow = await TestBackend.StartAsync("slow", context => Task.Delay(30_000, context.RequestAborted));
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port), Backend("mirror", slow.Port)], Host("shop.test", Rule([To("v1")], All))));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Host = "shop.test";
        var sent = new string('x', 20 << 20);
        using var response = await client.PostAsync("/", new StringContent(sent));
        Assert.Equal(sent.Length, (await response.Content.ReadAsStringAsync()).Length);
        var mirrors = gateway.Services.GetRequiredService<Mirrors>();
        await WaitAsync(() => mirrors.Dropped == 1);
    }

    private static Task<TestGateway> GatewayAsync(TestBackend backend, Recorder mirror, MirrorAction action) =>
        TestGateway.StartAsync(Table([Backend("v1", backend.Port), Backend("mirror", mirror.Port)], Host("shop.test", Rule([To("v1")], action))));

    private static async Task ReadAsync(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        using var reader = new StreamReader(context.Request.Body, Encoding.ASCII);
        await context.Response.WriteAsync(await reader.ReadToEndAsync());
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 250 && !condition(); i++)
            await Task.Delay(20);
        Assert.True(condition());
    }

    /// <summary>A backend that remembers what it got.</summary>
    private sealed class Recorder : IAsyncDisposable
    {
        private readonly ConcurrentQueue<Copy> _copies = new();
        private TestBackend _backend = null!;

        public int Port => _backend.Port;

        public int Count => _copies.Count;

        public static async Task<Recorder> StartAsync()
        {
            var recorder = new Recorder();
            recorder._backend = await TestBackend.StartAsync("mirror", async context =>
            {
                using var reader = new StreamReader(context.Request.Body, Encoding.ASCII);
                var body = await reader.ReadToEndAsync();
                recorder._copies.Enqueue(new Copy(
                    context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget, context.Request.Headers.Host.ToString(), body,
                    context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())));
                context.Response.StatusCode = (int)HttpStatusCode.InternalServerError;
            });
            return recorder;
        }

        public async Task<Copy> NextAsync()
        {
            await WaitAsync(() => !_copies.IsEmpty);
            return _copies.TryDequeue(out var copy) ? copy : throw new InvalidOperationException();
        }

        public ValueTask DisposeAsync() => _backend.DisposeAsync();
    }

    private sealed record Copy(string Method, string Target, string Host, string Body, Dictionary<string, string> Headers);
}
