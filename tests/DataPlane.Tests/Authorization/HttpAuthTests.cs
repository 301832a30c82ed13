using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Authorization;

/// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httpexternalauthfilter, protocol HTTP.</summary>
public sealed class HttpAuthTests : IAsyncLifetime
{
    private static readonly ExternalAuthAction Auth = new() { Backend = "shop/Backend/auth" };

    private readonly ConcurrentQueue<Asked> _asked = new();
    private RequestDelegate _answer = _ => Task.CompletedTask;
    private TestBackend _backend = null!;
    private TestBackend _auth = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync("v1");
        _auth = await TestBackend.StartAsync("auth", async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.ASCII);
            _asked.Enqueue(new Asked(
                context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget, await reader.ReadToEndAsync(),
                context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString())));
            await _answer(context);
        });
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _auth.DisposeAsync();
    }

    [Fact]
    public async Task Question_ByDefault_HoldsWhatMustAlwaysBeSentAndNothingElse()
    {
        await using var gateway = await GatewayAsync(Auth with { PathPrefix = "/check/" });
        var echo = await gateway.EchoAsync("shop.test", "/a%2Fb?q=1", HttpMethod.Put, ("Authorization", "Bearer x"), ("Cookie", "a=b"), ("X-Other", "1"));
        Assert.Equal("/a%2Fb?q=1", echo.Target);
        Assert.True(_asked.TryDequeue(out var asked));
        Assert.Equal(("PUT", "/check/a%2Fb?q=1", ""), (asked.Method, asked.Target, asked.Body));
        Assert.Equal(
            [("authorization", "Bearer x"), ("content-length", "0"), ("host", "shop.test")],
            asked.Headers.Select(header => (header.Key, header.Value)).Order());
    }

    [Fact]
    public async Task Question_WithAllowedHeaders_HoldsThemAsTheFiltersBeforeLeaveThem()
    {
        var rule = Rule(
            [To("v1")],
            new RequestHeadersAction(new HeaderChanges([new("X-Set", "before")], [], ["X-Gone"])),
            Auth with { AllowedHeaders = ["x-set", "x-gone", "x-forwarded-for", "connection", "transfer-encoding"] },
            new RequestHeadersAction(new HeaderChanges([new("X-Set", "after")], [], [])));
        await using var gateway = await GatewayAsync(rule);
        var echo = await gateway.EchoAsync("shop.test", "/", null, ("X-Gone", "1"), ("X-Forwarded-For", "6.6.6.6"));
        Assert.True(_asked.TryDequeue(out var asked));
        Assert.Equal("before", asked.Headers["x-set"]);
        Assert.Equal("127.0.0.1", asked.Headers["x-forwarded-for"]);
        Assert.False(asked.Headers.ContainsKey("x-gone"));
        Assert.Equal("after", echo.Headers["X-Set"]);
    }

    [Fact]
    public async Task Yes_CopiesTheServicesHeadersButNoneThatFrameOrRoute()
    {
        _answer = async context =>
        {
            context.Response.Headers["X-User"] = "42";
            context.Response.Headers["X-Other"] = "1";
            context.Response.Headers["Host"] = "evil.test";
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("welcome");
        };
        await using var gateway = await GatewayAsync(Auth);
        var echo = await gateway.EchoAsync("shop.test", "/", null, ("X-User", "spoofed"));
        Assert.Equal("42", echo.Headers["X-User"]);
        Assert.Equal("1", echo.Headers["X-Other"]);
        Assert.Equal("shop.test", echo.Host);
        Assert.False(echo.Headers.ContainsKey("Content-Type"));
        Assert.False(echo.Headers.ContainsKey("Content-Length"));
    }

    [Fact]
    public async Task Yes_WithAllowedResponseHeaders_CopiesThoseAlone()
    {
        _answer = context =>
        {
            context.Response.Headers["X-User"] = "42";
            context.Response.Headers["X-Other"] = "1";
            return Task.CompletedTask;
        };
        await using var gateway = await GatewayAsync(Auth with { AllowedResponseHeaders = ["x-user"] });
        var echo = await gateway.EchoAsync("shop.test");
        Assert.Equal("42", echo.Headers["X-User"]);
        Assert.False(echo.Headers.ContainsKey("X-Other"));
    }

    [Theory]
    [InlineData(401, 401)]
    [InlineData(403, 403)]
    [InlineData(302, 302)]
    [InlineData(500, 500)]
    [InlineData(201, 403)]
    [InlineData(206, 403)]
    public async Task No_IsPassedThroughWithHeadersAndBody(int status, int expected)
    {
        _answer = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            context.Response.Headers.Location = "https://login.test/";
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("go away");
        };
        await using var gateway = await GatewayAsync(Auth);
        var answer = await gateway.RawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nLocation: https://login.test/\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nWWW-Authenticate: Bearer\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\ngo away", answer, StringComparison.Ordinal);
        Assert.Equal(0, _backend.Requests);
    }

    [Theory]
    [InlineData(0, 200, "", 200)]
    [InlineData(100, 10, "10", 200)]
    [InlineData(100, 100, "100", 200)]
    [InlineData(100, 101, null, 413)]
    [InlineData(65_535, 65_535, "65535", 200)]
    [InlineData(65_535, 65_536, null, 413)]
    public async Task Body_UpToItsLimit_IsForwarded(long most, int length, string? seen, int expected)
    {
        await using var reading = await TestBackend.StartAsync("reading", async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.ASCII);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("v1", reading.Port), Backend("auth", _auth.Port)], Host("shop.test", Rule([To("v1")], Auth with { MaxBodyBytes = most }))));
        foreach (var chunked in new[] { false, true })
        {
            using var client = gateway.Client();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(new string('x', length)) };
            request.Headers.Host = "shop.test";
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await client.SendAsync(request);
            Assert.Equal(expected, (int)response.StatusCode);
            if (seen is null)
            {
                Assert.Empty(_asked);
                continue;
            }
            Assert.Equal(length, (await response.Content.ReadAsStringAsync()).Length);
            Assert.True(_asked.TryDequeue(out var asked));
            Assert.Equal((seen.Length == 0 ? 0 : length, seen.Length == 0 ? "0" : seen), (asked.Body.Length, asked.Headers["content-length"]));
        }
    }

    [Theory]
    [InlineData(null, HttpStatusCode.InternalServerError)]
    [InlineData("shop/Backend/missing", HttpStatusCode.ServiceUnavailable)]
    [InlineData("shop/Backend/empty", HttpStatusCode.ServiceUnavailable)]
    [InlineData("shop/Backend/dead", HttpStatusCode.ServiceUnavailable)]
    [InlineData("shop/Backend/hangs", HttpStatusCode.ServiceUnavailable)]
    [InlineData("shop/Backend/huge", HttpStatusCode.ServiceUnavailable)]
    public async Task Service_ThatCannotAnswer_LetsNothingThrough(string? key, HttpStatusCode expected)
    {
        await using var hangs = await TestBackend.StartAsync("hangs", context => Task.Delay(30_000, context.RequestAborted));
        await using var huge = await TestBackend.StartAsync("huge", async context =>
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync(new string('x', 2 << 20), context.RequestAborted);
        });
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("v1", _backend.Port), Backend("empty"), Backend("dead", FreePort.Next()), Backend("hangs", hangs.Port), Backend("huge", huge.Port)],
            Host("shop.test", Rule([To("v1")], Auth with { Backend = key }))));
        Assert.Equal(expected, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(0, _backend.Requests);
    }

    [Fact]
    public async Task RequestTimeout_CoversTheQuestion()
    {
        _answer = context => Task.Delay(30_000, context.RequestAborted);
        await using var gateway = await GatewayAsync(Rule([To("v1")], Auth) with { RequestTimeoutMs = 300 });
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(0, _backend.Requests);
    }

    [Fact]
    public async Task Cors_ListedFirst_AnswersPreflightsUnasked()
    {
        _answer = context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };
        var cors = new CorsAction { AllowOrigins = ["*"], AllowMethods = ["*"], MaxAge = 5 };
        await using var gateway = await GatewayAsync(Rule([To("v1")], cors, Auth));
        var preflight = await gateway.GetAsync("shop.test", "/", HttpMethod.Options, ("Origin", "https://a.test"), ("Access-Control-Request-Method", "GET"));
        Assert.Equal(HttpStatusCode.OK, preflight.Status);
        Assert.Empty(_asked);
        var refused = await gateway.GetAsync("shop.test", "/", null, ("Origin", "https://a.test"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("https://a.test", refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
        await using var other = await GatewayAsync(Rule([To("v1")], Auth, cors));
        preflight = await other.GetAsync("shop.test", "/", HttpMethod.Options, ("Origin", "https://a.test"), ("Access-Control-Request-Method", "GET"));
        Assert.Equal(HttpStatusCode.Unauthorized, preflight.Status);
    }

    [Fact]
    public async Task Mirror_OfARefusedRequest_GetsNothing()
    {
        _answer = context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        };
        await using var mirror = await TestBackend.StartAsync("mirror");
        await using var gateway = await TestGateway.StartAsync(Table(
            [Backend("v1", _backend.Port), Backend("auth", _auth.Port), Backend("mirror", mirror.Port)],
            Host("shop.test", Rule([To("v1", 1, Auth)], new MirrorAction("shop/Backend/mirror", 1, 1)))));
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.GetAsync("shop.test")).Status);
        await Task.Delay(100);
        Assert.Equal((0, 0), (_backend.Requests, mirror.Requests));
    }

    private Task<TestGateway> GatewayAsync(ExternalAuthAction auth) => GatewayAsync(Rule([To("v1")], auth));

    private Task<TestGateway> GatewayAsync(CompiledRule rule) =>
        TestGateway.StartAsync(Table([Backend("v1", _backend.Port), Backend("auth", _auth.Port)], Host("shop.test", rule)));

    private sealed record Asked(string Method, string Target, string Body, Dictionary<string, string> Headers);
}
