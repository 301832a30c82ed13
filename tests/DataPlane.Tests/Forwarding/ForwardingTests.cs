using System.Net;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Forwarding;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a%2Fb//c?x=%20y&z=a%2fb")]
    [InlineData("/%61dmin/..a?q=../..")]
    [InlineData("/caf%C3%A9;v=1")]
    public async Task Target_OfAnyForm_IsForwardedAsReceived(string target)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        var echo = await gateway.EchoAsync("shop.test", target);
        Assert.Equal(target, echo.Target);
    }

    [Theory]
    [InlineData("/a/../b")]
    [InlineData("/..%2fb")]
    [InlineData("/a\\b")]
    [InlineData("/x;/../b")]
    [InlineData("/%2e%2e;/b")]
    public async Task Target_Ambiguous_Is400(string target)
    {
        await using var gateway = await TestGateway.StartAsync(Table([], Host("shop.test", Rule([Invalid()]))));
        var answer = await gateway.RawAsync($"GET {target} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_WithPortAndCase_IsMatchedAndForwardedUnmodified()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        var echo = await gateway.EchoAsync("Shop.Test:8123");
        Assert.Equal("Shop.Test:8123", echo.Host);
    }

    [Fact]
    public async Task Weights_NinetyToTen_AreKeptWithinTwoPoints()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var v2 = await TestBackend.StartAsync("v2");
        await using var v3 = await TestBackend.StartAsync("v3");
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("v1", v1.Port), Backend("v2", v2.Port), Backend("v3", v3.Port)], Host("shop.test", Rule([To("v1", 90), To("v2", 10), To("v3", 0)]))));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Host = "shop.test";
        await Parallel.ForAsync(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancel) => (await client.GetAsync("/", cancel)).EnsureSuccessStatusCode());
        Assert.InRange(v1.Requests, 1_760, 1_840);
        Assert.InRange(v2.Requests, 160, 240);
        Assert.Equal(0, v3.Requests);
    }

    [Fact]
    public async Task Weights_ChangedUnderLoad_FailNoRequest()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var v2 = await TestBackend.StartAsync("v2");
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", v1.Port), Backend("v2", v2.Port)], Host("shop.test", Rule([To("v1", 100), To("v2", 0)]))));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Host = "shop.test";
        using var stop = new CancellationTokenSource();
        var failures = 0;
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = await client.GetAsync("/");
                if (!response.IsSuccessStatusCode)
                    Interlocked.Increment(ref failures);
            }
        })).ToArray();
        for (var weight = 0; weight <= 100; weight += 4)
        {
            gateway.Set(Host("shop.test", Rule([To("v1", 100 - weight), To("v2", weight)])));
            gateway.Set(Backend("v1", v1.Port) with { MaxConnectionsPerEndpoint = 100 + weight });
            await Task.Delay(20);
        }
        await Task.Delay(300);
        var before = v1.Requests;
        await Task.Delay(200);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(0, failures);
        Assert.Equal(before, v1.Requests);
        Assert.True(v2.Requests > 0);
    }

    [Fact]
    public async Task InvalidBackend_WithShare_GetsItsShareOf500()
    {
        await using var v1 = await TestBackend.StartAsync("v1");
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", v1.Port)], Host("shop.test", Rule([To("v1", 3), Invalid(1)]))));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Host = "shop.test";
        var failed = 0;
        for (var i = 0; i < 400; i++)
        {
            using var response = await client.GetAsync("/");
            failed += response.StatusCode == HttpStatusCode.InternalServerError ? 1 : 0;
        }
        Assert.InRange(failed, 92, 108);
    }

    [Fact]
    public async Task Backend_WithoutEndpoints_Is503()
    {
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1")], Host("shop.test", Rule([To("v1")]))));
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"code\":\"no_backend\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_NotListening_Is502WithReason()
    {
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", FreePort.Next())], Host("shop.test", Rule([To("v1")]))));
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Contains("\"code\":\"backend_unreachable\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostname_Unknown_Is404()
    {
        await using var gateway = await TestGateway.StartAsync(Table([], Host("shop.test", Rule([Invalid()]))));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync("other.test")).Status);
    }

    [Fact]
    public async Task RequestTimeout_Exceeded_Is504()
    {
        await using var slow = await TestBackend.StartAsync("slow", async context => await Task.Delay(10_000, context.RequestAborted));
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", slow.Port)], Host("shop.test", Rule([To("v1")]) with { RequestTimeoutMs = 200 })));
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains("\"code\":\"request_timeout\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownAction_InRule_FailsClosed()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")], new UnknownAction("newThing")))));
        Assert.Equal(HttpStatusCode.InternalServerError, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Endpoints_WithWeights_GetTheirShares()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var c = await TestBackend.StartAsync("c");
        var entry = Backend("v1") with { Endpoints = [new("127.0.0.1", a.Port, 4), new("127.0.0.1", b.Port, 1), new("127.0.0.1", c.Port, 0)] };
        await using var gateway = await TestGateway.StartAsync(Table([entry], Host("shop.test", Rule([To("v1")]))));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Host = "shop.test";
        for (var i = 0; i < 500; i++)
            (await client.GetAsync("/")).Dispose();
        Assert.InRange(a.Requests, 350, 450);
        Assert.Equal(500, a.Requests + b.Requests);
    }
}
