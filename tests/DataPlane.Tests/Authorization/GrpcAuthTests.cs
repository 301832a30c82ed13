using System.Collections.Concurrent;
using System.Net;
using Gatehouse.DataPlane.Authorization;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Authorization;

/// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httpexternalauthfilter, protocol GRPC: Envoy's ext_authz.</summary>
public sealed class GrpcAuthTests : IAsyncLifetime
{
    private static readonly ExternalAuthAction Auth = new() { Backend = "shop/Backend/auth", Grpc = true };

    private readonly ConcurrentQueue<byte[]> _asked = new();
    private Func<HttpContext, byte[]> _answer = _ => Status(0).Written.ToArray();
    private string _grpcStatus = "0";
    private TestBackend _backend = null!;
    private TestBackend _auth = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync("v1");
        _auth = await TestBackend.StartAsync("auth", CheckAsync, HttpProtocols.Http2);
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _auth.DisposeAsync();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task Question_ByDefault_HoldsTheWholeRequestHead(string protocol)
    {
        await using var gateway = await GatewayAsync(Auth with { MaxBodyBytes = 100 }, protocol);
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/a?b=c") { Content = new StringContent("0123456789") };
        request.Headers.Host = "shop.test";
        request.Headers.TryAddWithoutValidation("X-Test", ["1", "2"]);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(_asked.TryDequeue(out var asked));
        var http = Http(asked);
        Assert.Equal(("POST", "/a?b=c", "shop.test", "http", "HTTP/1.1", "0123456789"), (http.Text(2), http.Text(4), http.Text(5), http.Text(6), http.Text(10), http.Text(11)));
        var headers = http.Headers();
        Assert.Equal(("1, 2", "shop.test", "/a?b=c", "POST"), (headers["x-test"], headers[":authority"], headers[":path"], headers[":method"]));
        Assert.Equal("127.0.0.1", headers["x-forwarded-for"]);
    }

    [Fact]
    public async Task Question_WithAllowedHeaders_HoldsThemAlone()
    {
        await using var gateway = await GatewayAsync(Auth with { AllowedHeaders = ["x-test"] });
        await gateway.EchoAsync("shop.test", "/", null, ("X-Test", "1"), ("Authorization", "Bearer x"));
        Assert.True(_asked.TryDequeue(out var asked));
        Assert.Equal(["x-test"], Http(asked).Headers().Keys);
    }

    [Fact]
    public async Task Yes_ChangesTheRequestAndTheAnswer()
    {
        _answer = _ => Status(0).Message(3, new ProtoWriter()
            .Message(2, Option("X-User-Id", "42"))
            .Message(2, Option("X-List", "b", append: true))
            .Message(2, Option("X-There", "no", action: 1))
            .Message(2, Option("X-Absent", "yes", action: 1))
            .Message(2, Option("X-Missing", "no", action: 3))
            .Message(2, Option("Host", "evil.test"))
            .Message(2, Option("Transfer-Encoding", "chunked"))
            .Text(5, "authorization").Text(5, "host")
            .Message(6, Option("X-Answer", "seen"))).Written.ToArray();
        await using var gateway = await GatewayAsync(Auth);
        var (status, headers, body) = await gateway.GetAsync("shop.test", "/", null, ("X-User-Id", "1"), ("X-List", "a"), ("X-There", "yes"), ("Authorization", "x"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("seen", headers.GetValues("X-Answer").Single());
        var echo = Echo.Read(body);
        Assert.Equal("42", echo.Headers["X-User-Id"]);
        Assert.Equal("a,b", echo.Headers["X-List"]);
        Assert.Equal(("yes", "yes", false, false), (echo.Headers["X-There"], echo.Headers["X-Absent"], echo.Headers.ContainsKey("X-Missing"), echo.Headers.ContainsKey("Authorization")));
        Assert.Equal("shop.test", echo.Host);
    }

    [Theory]
    [InlineData(0, 403)]
    [InlineData(401, 401)]
    [InlineData(302, 302)]
    public async Task No_IsWordedByTheService(int code, int expected)
    {
        _answer = _ => Status(7).Message(2, new ProtoWriter()
            .Message(1, new ProtoWriter().Number(1, code))
            .Message(2, Option("X-Auth-Error", "access-denied")).Message(2, Option("Set-Cookie", "a=1")).Message(2, Option("Set-Cookie", "b=2"))
            .Text(3, "Access denied")).Written.ToArray();
        await using var gateway = await GatewayAsync(Auth);
        var (status, headers, body) = await gateway.GetAsync("shop.test");
        Assert.Equal((expected, "Access denied"), ((int)status, body));
        Assert.Equal("access-denied", headers.GetValues("X-Auth-Error").Single());
        Assert.Equal(["a=1", "b=2"], headers.GetValues("Set-Cookie"));
        Assert.Equal(0, _backend.Requests);
    }

    [Fact]
    public async Task No_WithoutWords_Is403()
    {
        _answer = _ => Status(16).Written.ToArray();
        await using var gateway = await GatewayAsync(Auth);
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(0, _backend.Requests);
    }

    public static TheoryData<string, byte[], string> Unclear => new()
    {
        { "empty", [], "0" },
        { "yes and no", Status(0).Message(2, new ProtoWriter()).Written.ToArray(), "0" },
        { "no and yes", Status(7).Message(3, new ProtoWriter()).Written.ToArray(), "0" },
        { "status of the call", Status(0).Written.ToArray(), "7" },
        { "cut off", [0x0a, 0x7f, 0x01], "0" },
        { "no message", "<html>"u8.ToArray(), "0" },
        { "broken header", Status(0).Message(3, new ProtoWriter().Message(2, Option("X-A", "b\r\nX-Smuggled: 1"))).Written.ToArray(), "0" },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task Answer_ThatIsNoClearYes_LetsNothingThrough(string what, byte[] answer, string grpcStatus)
    {
        (_answer, _grpcStatus) = (_ => answer, grpcStatus);
        await using var gateway = await GatewayAsync(Auth);
        Assert.True((await gateway.GetAsync("shop.test")).Status == HttpStatusCode.ServiceUnavailable, what);
        Assert.Equal(0, _backend.Requests);
    }

    [Fact]
    public async Task Service_ThatSpeaksNoGrpc_LetsNothingThrough()
    {
        await using var plain = await TestBackend.StartAsync("plain");
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", _backend.Port), Backend("auth", plain.Port)], Host("shop.test", Rule([To("v1")], Auth))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(0, _backend.Requests);
    }

    private Task<TestGateway> GatewayAsync(ExternalAuthAction auth, string protocol = "h2c") => TestGateway.StartAsync(Table(
        [Backend("v1", _backend.Port), Backend("auth", _auth.Port) with { Protocol = protocol }], Host("shop.test", Rule([To("v1")], auth))));

    private async Task CheckAsync(HttpContext context)
    {
        Assert.Equal("/envoy.service.auth.v3.Authorization/Check", context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        var request = new MemoryStream();
        await context.Request.Body.CopyToAsync(request);
        _asked.Enqueue(request.ToArray()[5..]);
        var answer = _answer(context);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, (byte)(answer.Length >> 8), (byte)answer.Length });
        await context.Response.Body.WriteAsync(answer);
        context.Response.AppendTrailer("grpc-status", _grpcStatus);
    }

    private static ProtoWriter Status(int code) => new ProtoWriter().Message(1, new ProtoWriter().Number(1, code));

    private static ProtoWriter Option(string name, string value, bool append = false, int action = 0)
    {
        var option = new ProtoWriter().Message(1, new ProtoWriter().Text(1, name).Text(2, value));
        if (append)
            option.Message(2, new ProtoWriter().Number(1, 1));
        return option.Number(3, action);
    }

    // CheckRequest.attributes.request.http
    private static Fields Http(byte[] check) => new Fields(check).Inner(1).Inner(4).Inner(2);

    private sealed class Fields(byte[] message)
    {
        public string Text(int field) => System.Text.Encoding.UTF8.GetString(All(field).Last());

        public Fields Inner(int field) => new(All(field).Single());

        public Dictionary<string, string> Headers() => All(3).Select(entry => new Fields(entry)).ToDictionary(entry => entry.Text(1), entry => entry.Text(2));

        private List<byte[]> All(int field)
        {
            var reader = new ProtoReader(message);
            var found = new List<byte[]>();
            while (reader.Next())
            {
                if (reader.Field == field)
                    found.Add(reader.Value.ToArray());
            }
            return found;
        }
    }
}
