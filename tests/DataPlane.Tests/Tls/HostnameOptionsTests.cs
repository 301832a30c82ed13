using System.Net;
using System.Security.Authentication;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class HostnameOptionsTests
{
    private const string Promise = "max-age=31536000; includeSubDomains";

    private static readonly TestCertificate Shop = TestCertificate.Of("shop", "shop.test", "*.shop.test");
    private static readonly ListenerEntry Secure = Https("https", "shop.test", Shop) with { Hsts = Promise };
    private static readonly ListenerEntry Plain = Secure with { Id = "shop/Gateway/web/http", Port = 80, Protocol = "HTTP", Tls = null, Hsts = null, HttpsRedirect = new HttpsRedirectEntry(Secure.Id, HttpsPort) };

    [Theory]
    [InlineData("GET", 301)]
    [InlineData("HEAD", 301)]
    [InlineData("POST", 308)]
    [InlineData("DELETE", 308)]
    [InlineData("OPTIONS", 308)]
    public async Task PlainHttp_OfARedirectedName_LeadsToTheSameOverHttps(string method, int status)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await BothAsync(backend);
        var answer = await gateway.Gateway.RawAsync($"{method} /a%2Fb//c;d?x=%41&y=/?z HTTP/1.1\r\nHost: SHOP.test.:80\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nLocation: https://shop.test/a%2Fb//c;d?x=%41&y=/?z\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Strict-Transport", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task PlainHttp_ToAnotherPortThan443_NamesIt()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await BothAsync(backend, Plain with { HttpsRedirect = new HttpsRedirectEntry(Secure.Id, 8443) });
        Assert.Equal("https://shop.test:8443/x", (await gateway.Gateway.GetAsync("shop.test", "/x")).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task PlainHttp_BeforeThereIsACertificate_IsServed()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await BothAsync(backend);
        gateway.Tables.Apply([new TableEdit(FeedEntry.Certificates, Shop.Entry.Key, null)]);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Gateway.GetAsync("shop.test")).Status);
        gateway.Tables.Apply([new TableEdit(FeedEntry.Certificates, Shop.Entry.Key, Shop.Entry) { Secret = Shop.Secret }]);
        Assert.Equal(HttpStatusCode.MovedPermanently, (await gateway.Gateway.GetAsync("shop.test")).Status);
        gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, Secure.Id, null)]);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Gateway.GetAsync("shop.test")).Status);
    }

    [Fact]
    public async Task PlainHttp_OfAChallenge_IsAnsweredAndNotRedirected()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await BothAsync(backend);
        var challenge = new ChallengeEntry { Key = "token", Hostname = "shop.test", Type = ChallengeEntry.Http01, KeyAuthorization = "token.thumb" };
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Challenges, challenge.Key, challenge)]));
        Assert.Equal((HttpStatusCode.OK, "token.thumb"), await StatusAndBodyAsync(gateway, "/.well-known/acme-challenge/token"));
        Assert.Equal(HttpStatusCode.MovedPermanently, (await StatusAndBodyAsync(gateway, "/.well-known/acme-challenge/other")).Status);
    }

    [Fact]
    public async Task PlainHttp_OfGrpc_IsRefusedInItsOwnTerms()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await BothAsync(backend);
        using var client = gateway.Gateway.Client(HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/shop.Orders/Get") { Content = new ByteArrayContent([]) { Headers = { { "Content-Type", "application/grpc" } } }, Headers = { Host = "shop.test" } };
        using var answer = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "7"), (answer.StatusCode, answer.Headers.GetValues("grpc-status").Single()));
        Assert.Contains("HTTPS", Uri.UnescapeDataString(answer.Headers.GetValues("grpc-message").Single()), StringComparison.Ordinal);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Https_WithAPromise_HasItInEveryAnswer()
    {
        await using var backend = await TestBackend.StartAsync(handler: context =>
        {
            context.Response.Headers.StrictTransportSecurity = "max-age=0";
            return context.Response.WriteAsync("hello");
        });
        var redirect = Rule([To("v1")], new RedirectAction { StatusCode = 302, Hostname = "elsewhere.test" });
        var broken = Rule([Invalid()]);
        var host = new HostEntry { Listener = Secure.Id, Hostname = "shop.test", Rules = [Rule([To("v1")]), redirect, broken], Matches = [Prefix("/v1"), Prefix("/away", 1), Prefix("/broken", 2)] };
        await using var gateway = await TlsTables.StartAsync(With([Secure], [Backend("v1", backend.Port)], host), Shop);
        foreach (var (path, status) in new[] { ("/v1", 200), ("/away", 302), ("/broken", 500), ("/none", 404) })
        {
            await using var client = await gateway.ConnectAsync("shop.test");
            await client.Stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"));
            var answer = await client.ReadToEndAsync();
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            Assert.Equal(2, answer.Split("Strict-Transport-Security: ").Length);
            Assert.Contains($"\r\nStrict-Transport-Security: {Promise}\r\n", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Https_OfANameWithTls13_RefusesOlderVersionsForThatNameAlone()
    {
        var strict = Https("strict", "shop.test", Shop);
        strict = strict with { Tls = strict.Tls! with { MinimumVersion = "1.3" } };
        await using var gateway = await TlsTables.StartAsync(With([strict, Https("wild", "*.shop.test", Shop)], []), Shop);
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("shop.test", options => options.EnabledSslProtocols = SslProtocols.Tls12));
        await using var newest = await gateway.ConnectAsync("shop.test");
        Assert.Equal(SslProtocols.Tls13, newest.Stream.SslProtocol);
        await using var older = await gateway.ConnectAsync("www.shop.test", options => options.EnabledSslProtocols = SslProtocols.Tls12);
        Assert.Equal(SslProtocols.Tls12, older.Stream.SslProtocol);
    }

    [Fact]
    public async Task Connection_ThatWasLetInByAnOlderVersion_EndsWhenTheVersionIsRaised()
    {
        var listener = Https("one", "shop.test", Shop);
        await using var gateway = await TlsTables.StartAsync(With([listener], []), Shop);
        await using var older = await gateway.ConnectAsync("shop.test", options => options.EnabledSslProtocols = SslProtocols.Tls12);
        var raised = listener with { Tls = listener.Tls! with { MinimumVersion = "1.3" } };
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, raised.Id, raised)]));
        Assert.Equal("", await older.ReadToEndAsync());
    }

    [Fact]
    public async Task Listener_WithOptionsThatDoNotGoWithIt_IsRefusedAlone()
    {
        await using var gateway = await TestGateway.StartAsync(Table([]));
        ListenerEntry[] broken =
        [
            Secure with { Id = "a", HttpsRedirect = Plain.HttpsRedirect }, Plain with { Id = "b", Hsts = Promise }, Secure with { Id = "c", Hsts = "max-age=0\r\nX: y" },
            Secure with { Id = "d", Tls = Secure.Tls! with { MinimumVersion = "1.1" } },
        ];
        var refusals = gateway.Tables.Apply([.. broken.Select(entry => new TableEdit(FeedEntry.Listeners, entry.Id, entry))]);
        Assert.Equal(broken.Select(entry => entry.Id), refusals.Select(refusal => refusal.Key));
    }

    private static Task<TlsGateway> BothAsync(TestBackend backend, ListenerEntry? plain = null) => TlsTables.StartAsync(
        With([Secure, plain ?? Plain], [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]), Secure.Id), Host("shop.test", Rule([To("v1")]), Plain.Id)), Shop);

    private static async Task<(HttpStatusCode Status, string Body)> StatusAndBodyAsync(TlsGateway gateway, string path)
    {
        var (status, _, body) = await gateway.Gateway.GetAsync("shop.test", path);
        return (status, body);
    }
}
