using System.Net;
using System.Text;
using Gatehouse.DataPlane.Retries;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Retries;

/// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httprouteretry.</summary>
public sealed class RetryTests
{
    private static readonly RetryEntry Three = new(3, [500], 0);

    [Theory]
    [InlineData(500, 2, 200, 3)]
    [InlineData(500, 3, 200, 4)]
    [InlineData(500, 4, 500, 4)]
    [InlineData(503, 2, 503, 1)]
    public async Task Code_Listed_IsTriedAgainAsOftenAsAllowed(int code, int failures, int expected, int requests)
    {
        await using var backend = await FailingAsync(failures, context => Answer(context, code));
        await using var gateway = await GatewayAsync(Three, backend.Port);
        Assert.Equal(expected, (int)(await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(requests, backend.Requests);
    }

    [Theory]
    [InlineData(2, 200, 3)]
    [InlineData(3, 200, 4)]
    [InlineData(9, 502, 4)]
    public async Task Connection_Reset_IsTriedAgainWhateverTheCodes(int failures, int expected, int requests)
    {
        await using var backend = await FailingAsync(failures, Reset);
        await using var gateway = await GatewayAsync(new RetryEntry(3, [504], 0), backend.Port);
        Assert.Equal(expected, (int)(await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(requests, backend.Requests);
    }

    [Fact]
    public async Task Connection_ResetWithoutRetry_IsSentOnce()
    {
        await using var backend = await FailingAsync(9, Reset);
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(1, backend.Requests);
    }

    [Fact]
    public async Task Endpoint_ThatFailed_IsNotTriedAgainWhileThereIsAnother()
    {
        await using var bad = await FailingAsync(int.MaxValue, context => Answer(context, 500));
        await using var good = await TestBackend.StartAsync("good");
        await using var gateway = await GatewayAsync(new RetryEntry(1, [500], 0), bad.Port, good.Port, FreePort.Next());
        for (var i = 0; i < 12; i++)
            await gateway.GetAsync("shop.test");
        await using var two = await GatewayAsync(new RetryEntry(1, [500], 0), bad.Port, good.Port);
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await two.GetAsync("shop.test")).Status);
        Assert.True(bad.Requests > 5);
    }

    [Fact]
    public async Task Backend_ThatWasChosen_Stays()
    {
        await using var bad = await FailingAsync(int.MaxValue, context => Answer(context, 500));
        await using var good = await TestBackend.StartAsync("good");
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("bad", bad.Port), Backend("good", good.Port)], Host("shop.test", Rule([To("bad", 1), To("good", 0)]) with { Retry = Three })));
        Assert.Equal(HttpStatusCode.InternalServerError, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal((4, 0), (bad.Requests, good.Requests));
    }

    [Theory]
    [InlineData(10, false, 200, 3)]
    [InlineData(10, true, 200, 3)]
    [InlineData(64 * 1024, false, 200, 3)]
    [InlineData(64 * 1024, true, 200, 3)]
    [InlineData(64 * 1024 + 1, false, 500, 1)]
    [InlineData(64 * 1024 + 1, true, 500, 1)]
    public async Task Body_UpToTheLimit_IsSentAgain(int length, bool chunked, int expected, int requests)
    {
        await using var backend = await FailingAsync(2, context => DrainAsync(context, 500), context => DrainAsync(context, 200));
        await using var gateway = await GatewayAsync(Three, backend.Port);
        var body = new string('x', length - 1) + "!";
        var (status, answer) = await PostAsync(gateway, new StringContent(body), chunked);
        Assert.Equal(expected, status);
        Assert.Equal(expected == 200 ? body.Length : 0, answer.Length);
        Assert.Equal(requests, backend.Requests);
    }

    [Fact]
    public async Task Body_ThatTheBackendDidNotRead_IsSentAgainWhole()
    {
        await using var backend = await FailingAsync(2, context => Answer(context, 500), context => DrainAsync(context, 200));
        await using var gateway = await GatewayAsync(Three, backend.Port);
        var body = new string('y', 60_000);
        Assert.Equal((200, body), await PostAsync(gateway, new StringContent(body), true));
    }

    [Fact]
    public async Task Body_StillOnItsWay_IsSentAgainAsItComes()
    {
        await using var backend = await FailingAsync(1, context => Answer(context, 500), context => DrainAsync(context, 200));
        await using var gateway = await GatewayAsync(Three, backend.Port);
        using var up = new StreamedContent();
        var sending = PostAsync(gateway, up, true);
        await up.WriteAsync("first,");
        for (var i = 0; i < 200 && backend.Requests < 2; i++)
            await Task.Delay(20);
        await up.WriteAsync("second");
        up.Complete();
        Assert.Equal((200, "first,second"), await sending);
        Assert.Equal(2, backend.Requests);
    }

    [Fact]
    public async Task Pause_BetweenAttempts_IsAtLeastTheBackoff()
    {
        await using var backend = await FailingAsync(2, context => Answer(context, 500));
        await using var gateway = await GatewayAsync(new RetryEntry(2, [500], 200), backend.Port);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("shop.test")).Status);
        Assert.InRange(watch.ElapsedMilliseconds, 590, 5_000);
    }

    [Fact]
    public async Task RequestTimeout_CoversAllAttempts()
    {
        await using var backend = await FailingAsync(int.MaxValue, context => Answer(context, 500));
        await using var gateway = await GatewayAsync(Rule([To("v1")]) with { Retry = new RetryEntry(50, [500], 100), RequestTimeoutMs = 400 }, backend.Port);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains("request_timeout", body, StringComparison.Ordinal);
        Assert.InRange(watch.ElapsedMilliseconds, 350, 3_000);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(5, 504)]
    public async Task BackendRequestTimeout_BoundsEachAttempt(int failures, int expected)
    {
        await using var backend = await FailingAsync(failures, context => Task.Delay(20_000, context.RequestAborted));
        await using var gateway = await GatewayAsync(Rule([To("v1")]) with { Retry = new RetryEntry(1, [], 0), BackendRequestTimeoutMs = 300, RequestTimeoutMs = 0 }, backend.Port);
        Assert.Equal(expected, (int)(await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(2, backend.Requests);
    }

    [Fact]
    public async Task Grpc_Calls_AreSentOnce()
    {
        await using var backend = await TestBackend.StartAsync("v1", Reset, HttpProtocols.Http2);
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port) with { Protocol = "grpc" }], Host("shop.test", Rule([To("v1")]) with { Retry = Three })));
        using var client = gateway.Client(HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/svc/Method") { Version = HttpVersion.Version20, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Headers.Host = "shop.test";
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        using var response = await client.SendAsync(request);
        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal(1, backend.Requests);
    }

    // The reset cuts the reading of the body short now and then.
    [Fact]
    public async Task Grpc_CallsThatTheBackendResets_AreNeverTheClientsFault()
    {
        const int calls = 4_000;
        await using var backend = await TestBackend.StartAsync("v1", Reset, HttpProtocols.Http2);
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port) with { Protocol = "grpc" }], Host("shop.test", Rule([To("v1")]))));
        using var client = gateway.Client(HttpVersion.Version20);
        var statuses = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (_, cancellation) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/svc/Method") { Version = HttpVersion.Version20, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
            request.Headers.Host = "shop.test";
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
            try
            {
                using var response = await client.SendAsync(request, cancellation);
                statuses.Add(response.Headers.GetValues("grpc-status").Single());
            }
            catch (HttpRequestException failure) when (failure.InnerException is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
            {
                // A kept connection that was closed as the next request was under way: nothing is said of this call.
            }
        });
        Assert.Equal(["14"], statuses.Distinct());
    }

    [Fact]
    public async Task Answer_ThatHasBegun_IsNotTriedAgain()
    {
        await using var backend = await TestBackend.StartAsync("v1", async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await Task.Delay(300);
            context.Abort();
        });
        await using var gateway = await GatewayAsync(Three, backend.Port);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.GetAsync("shop.test"));
        Assert.Equal(1, backend.Requests);
    }

    [Theory]
    [InlineData(1, 100, 100, 125)]
    [InlineData(2, 100, 200, 250)]
    [InlineData(2, 0, 20, 25)]
    [InlineData(90, 100, 10_000, 12_500)]
    [InlineData(3, 20_000, 20_000, 25_000)]
    public void Pause_OfARetry_GrowsAndIsNeverShorterThanTheBackoff(int retry, long backoff, int least, int most) =>
        Assert.InRange(new RetryPolicy(new RetryEntry(100, [500], backoff)).PauseBefore(retry).TotalMilliseconds, least, most);

    private static Task<TestGateway> GatewayAsync(RetryEntry retry, params int[] ports) => GatewayAsync(Rule([To("v1")]) with { Retry = retry }, ports);

    private static Task<TestGateway> GatewayAsync(CompiledRule rule, params int[] ports) => TestGateway.StartAsync(Table([Backend("v1", ports)], Host("shop.test", rule)));

    private static Task<TestBackend> FailingAsync(int failures, RequestDelegate failure, RequestDelegate? success = null)
    {
        var made = 0;
        return TestBackend.StartAsync("v1", context => Interlocked.Increment(ref made) <= failures ? failure(context) : success is null ? Answer(context, 200) : success(context));
    }

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task DrainAsync(HttpContext context, int status)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.ASCII);
        var body = await reader.ReadToEndAsync();
        context.Response.StatusCode = status;
        if (status == 200)
            await context.Response.WriteAsync(body);
    }

    private static Task Reset(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static async Task<(int Status, string Body)> PostAsync(TestGateway gateway, HttpContent content, bool chunked)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        request.Headers.Host = "shop.test";
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
