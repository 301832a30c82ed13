using System.Net;
using System.Net.Http.Headers;
using Gatehouse.DataPlane.Cors;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Actions;

public sealed class CorsTests
{
    private static readonly CorsAction Named = new()
    {
        AllowOrigins = ["https://www.foo.com", "https://*.bar.com"], AllowMethods = ["GET", "OPTIONS"], AllowHeaders = ["x-1", "x-2"],
        ExposeHeaders = ["x-3", "x-4"], AllowCredentials = true, MaxAge = 3600,
    };

    private static readonly CorsAction Wild = new() { AllowOrigins = ["*"], AllowMethods = ["*"], AllowHeaders = ["*"], ExposeHeaders = ["*"], MaxAge = 5 };

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter, allowOrigins.</summary>
    [Theory]
    [InlineData("https://www.foo.com", "https://www.foo.com", true)]
    [InlineData("https://www.foo.com", "https://www.foo.com:443", true)]
    [InlineData("https://www.foo.com:443", "https://www.foo.com", true)]
    [InlineData("https://www.foo.com", "HTTPS://WWW.FOO.COM", true)]
    [InlineData("https://www.foo.com", "http://www.foo.com", false)]
    [InlineData("https://www.foo.com", "https://www.foo.com:8443", false)]
    [InlineData("https://www.foo.com:8443", "https://www.foo.com:8443", true)]
    [InlineData("https://*.bar.com", "https://www.bar.com", true)]
    [InlineData("https://*.bar.com", "https://a.b.bar.com", true)]
    [InlineData("https://*.bar.com", "https://bar.com", false)]
    [InlineData("https://*.bar.com", "https://evilbar.com", false)]
    [InlineData("https://*.bar.com", "https://www.bar.com.evil.test", false)]
    [InlineData("https://*", "https://any.test", true)]
    [InlineData("https://*", "http://any.test", false)]
    [InlineData("http://*:8080", "http://any.test:8080", true)]
    [InlineData("https://[::1]:8443", "https://[::1]:8443", true)]
    [InlineData("https://www.foo.com", "https://www.foo.com/", false)]
    [InlineData("https://*.bar.com", "https://a@evil.test?.bar.com", false)]
    [InlineData("https://www.foo.com", "null", false)]
    public void Origin_Asked_FitsWhatIsAllowed(string allowed, string asked, bool fits) => Assert.Equal(fits, new CorsOrigin(allowed).Fits(asked));

    [Theory]
    [InlineData("https://www.foo.com")]
    [InlineData("https://xpto.www.bar.com")]
    public async Task Preflight_OfAllowedOrigin_IsAnsweredByTheGateway(string origin)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await GatewayAsync(backend, Named);
        var (status, headers, body) = await PreflightAsync(gateway, origin, "GET", "x-1, x-2");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("", body);
        Assert.Equal(0, backend.Requests);
        Assert.Equal(origin, One(headers, "Access-Control-Allow-Origin"));
        Assert.Equal("GET, OPTIONS", One(headers, "Access-Control-Allow-Methods"));
        Assert.Equal("x-1, x-2", One(headers, "Access-Control-Allow-Headers"));
        Assert.Equal("x-3, x-4", One(headers, "Access-Control-Expose-Headers"));
        Assert.Equal("3600", One(headers, "Access-Control-Max-Age"));
        Assert.Equal("true", One(headers, "Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", headers.Vary);
    }

    [Fact]
    public async Task Preflight_OfOtherOrigin_GetsNoCorsHeaders()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await GatewayAsync(backend, Named);
        var (status, headers, _) = await PreflightAsync(gateway, "https://foobar.com", "GET");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.DoesNotContain(headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Preflight_WithWildcards_EchoesWhatWasAsked()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await GatewayAsync(backend, Wild with { AllowCredentials = true });
        var (_, headers, _) = await PreflightAsync(gateway, "https://any.test:1234", "PUT", "x-a, x-b");
        Assert.Equal("https://any.test:1234", One(headers, "Access-Control-Allow-Origin"));
        Assert.Equal("PUT", One(headers, "Access-Control-Allow-Methods"));
        Assert.Equal("x-a, x-b", One(headers, "Access-Control-Allow-Headers"));
        Assert.False(headers.Contains("Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task Preflight_WithoutAskedHeadersOrCredentials_OmitsThem()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await GatewayAsync(backend, Wild);
        var (_, headers, _) = await PreflightAsync(gateway, "https://any.test", "POST");
        Assert.Equal("POST", One(headers, "Access-Control-Allow-Methods"));
        Assert.False(headers.Contains("Access-Control-Allow-Headers"));
        Assert.False(headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal("*", One(headers, "Access-Control-Expose-Headers"));
    }

    [Theory]
    [InlineData("OPTIONS", "https://www.foo.com", null)]
    [InlineData("OPTIONS", null, "GET")]
    [InlineData("GET", "https://www.foo.com", "GET")]
    public async Task Request_ThatIsNoPreflight_ReachesTheBackend(string method, string? origin, string? asked)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await GatewayAsync(backend, Named);
        var headers = new List<(string, string)>();
        if (origin is not null)
            headers.Add(("Origin", origin));
        if (asked is not null)
            headers.Add(("Access-Control-Request-Method", asked));
        Assert.Equal(method, (await gateway.EchoAsync("shop.test", "/", new HttpMethod(method), [.. headers])).Method);
    }

    [Fact]
    public async Task Answer_ToAllowedOrigin_ReplacesWhatTheBackendSays()
    {
        await using var backend = await TestBackend.StartAsync(handler: Permissive);
        await using var gateway = await GatewayAsync(backend, Named);
        var (_, headers, _) = await gateway.GetAsync("shop.test", "/", null, ("Origin", "https://www.foo.com"));
        Assert.Equal("https://www.foo.com", One(headers, "Access-Control-Allow-Origin"));
        Assert.Equal("true", One(headers, "Access-Control-Allow-Credentials"));
        Assert.Equal("x-3, x-4", One(headers, "Access-Control-Expose-Headers"));
        Assert.Equal(["Accept", "Origin"], headers.Vary);
    }

    [Fact]
    public async Task Answer_ToOtherOrigin_CarriesNoCorsHeadersOfTheBackendEither()
    {
        await using var backend = await TestBackend.StartAsync(handler: Permissive);
        await using var gateway = await GatewayAsync(backend, Named);
        var (status, headers, _) = await gateway.GetAsync("shop.test", "/", null, ("Origin", "https://foobar.com"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Answer_OfTheGatewayItself_CanBeReadByTheScript()
    {
        await using var gateway = await TestGateway.StartAsync(Table([Backend("none")], Host("shop.test", Rule([To("none")], Named))));
        var (status, headers, _) = await gateway.GetAsync("shop.test", "/", null, ("Origin", "https://www.foo.com"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("https://www.foo.com", One(headers, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Cors_OfOneBackend_HoldsForItAlone()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1", 1, Named)]))));
        var (status, headers, _) = await PreflightAsync(gateway, "https://www.foo.com", "GET");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("https://www.foo.com", One(headers, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Redirect_ListedBeforeCors_AnswersPreflightsToo()
    {
        await using var gateway = await TestGateway.StartAsync(Table([], Host("shop.test", Rule([], new RedirectAction { StatusCode = 302, Hostname = "new.test" }, Named))));
        Assert.Equal(HttpStatusCode.Found, (await PreflightAsync(gateway, "https://www.foo.com", "GET")).Status);
    }

    [Fact]
    public async Task Redirect_ListedAfterCors_CarriesItsHeaders()
    {
        await using var gateway = await TestGateway.StartAsync(Table([], Host("shop.test", Rule([], Named, new RedirectAction { StatusCode = 302, Hostname = "new.test" }))));
        Assert.Equal(HttpStatusCode.OK, (await PreflightAsync(gateway, "https://www.foo.com", "GET")).Status);
        var (status, headers, _) = await gateway.GetAsync("shop.test", "/", null, ("Origin", "https://www.foo.com"));
        Assert.Equal(HttpStatusCode.Found, status);
        Assert.Equal("https://www.foo.com", One(headers, "Access-Control-Allow-Origin"));
    }

    private static Task<TestGateway> GatewayAsync(TestBackend backend, CorsAction cors) =>
        TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")], cors))));

    private static Task<(HttpStatusCode Status, HttpResponseHeaders Headers, string Body)> PreflightAsync(TestGateway gateway, string origin, string method, string? headers = null)
    {
        var all = new List<(string, string)> { ("Origin", origin), ("Access-Control-Request-Method", method) };
        if (headers is not null)
            all.Add(("Access-Control-Request-Headers", headers));
        return gateway.GetAsync("shop.test", "/", HttpMethod.Options, [.. all]);
    }

    private static Task Permissive(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.AccessControlAllowCredentials = "true";
        context.Response.Headers.AccessControlExposeHeaders = "x-secret";
        context.Response.Headers.Vary = "Accept";
        return Task.CompletedTask;
    }

    private static string One(HttpResponseHeaders headers, string name) => headers.GetValues(name).Single();
}
