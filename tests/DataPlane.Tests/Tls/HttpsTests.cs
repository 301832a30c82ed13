using System.Net;
using System.Security.Authentication;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class HttpsTests
{
    private static readonly TestCertificate Shop = TestCertificate.Of("shop", "shop.test", "www.shop.test");
    private static readonly TestCertificate Wild = TestCertificate.Of("wild", "*.shop.test");
    private static readonly TestCertificate Any = TestCertificate.Of("any", "gateway.test");

    [Fact]
    public async Task Request_OverTls_ReachesTheBackendAsHttps()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await OneAsync(backend, Https("one", "shop.test", Shop), Shop);
        var answer = await gateway.GetAsync("shop.test", "shop.test");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("\"X-Forwarded-Proto\":\"https\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ThatOffersHttp2_GetsIt()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await OneAsync(backend, Https("one", "shop.test", Shop), Shop);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, _) => new System.Net.Sockets.NetworkStream(await SocketAsync(gateway.Port), ownsSocket: true),
            SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null },
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://shop.test/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
    }

    [Theory]
    [InlineData("shop.test", "shop.test")]
    [InlineData("SHOP.test", "shop.test")]
    [InlineData("a.shop.test", "*.shop.test")]
    [InlineData("www.shop.test", "shop.test")]
    [InlineData("a.b.shop.test", "shop.test")]
    [InlineData("other.test", "gateway.test")]
    [InlineData(null, "gateway.test")]
    public async Task Certificate_IsChosenByServerName(string? serverName, string expected)
    {
        await using var gateway = await TlsTables.StartAsync(
            With([Https("exact", "shop.test", Shop), Https("wild", "*.shop.test", Shop, Wild), Https("any", null, Any, Wild)], []), Shop, Wild, Any);
        await using var client = await gateway.ConnectAsync(serverName);
        Assert.Equal(expected, client.Names[0]);
    }

    [Theory]
    [InlineData("shop", "www.shop.test")]
    [InlineData("other", "*.shop.test")]
    public async Task Certificate_OfAnotherListener_IsShownIfItFitsBetterAndIsTheSameTenants(string tenant, string expected)
    {
        var longer = TestCertificate.Of("longer", "www.shop.test");
        await using var gateway = await TlsTables.StartAsync(
            With([Https("wild", "*.shop.test", Wild), Https("any", null, longer) with { Tenant = tenant }], []), Wild, longer);
        await using var client = await gateway.ConnectAsync("www.shop.test");
        Assert.Equal(expected, client.Names[0]);
    }

    [Fact]
    public async Task Certificate_WhoseKeyIsNotItsOwn_IsRefusedAloneAndItsListenerTakesNobody()
    {
        await using var gateway = await TlsTables.StartAsync(With([Https("good", "shop.test", Shop)], []), Shop);
        var bad = Https("bad", "*.shop.test", Wild);
        var refusal = Assert.Single(gateway.Tables.Apply([
            new TableEdit(FeedEntry.Listeners, bad.Id, bad),
            new TableEdit(FeedEntry.Certificates, Wild.Entry.Key, Wild.Entry) { Secret = Shop.Secret },
        ]));
        Assert.Equal(Wild.Entry.Key, refusal.Key);
        Assert.Contains("private key", refusal.Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("a.shop.test"));
        var any = Https("any", null, TestCertificate.Of("spare", "a.shop.test"));
        gateway.Tables.Apply(Edits(With([any], []), TestCertificate.Of("spare", "a.shop.test")));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("a.shop.test"));
        await using var served = await gateway.ConnectAsync("shop.test");
        Assert.Equal("shop.test", served.Names[0]);
    }

    [Fact]
    public async Task ServerName_ThatNoListenerTakes_IsRefusedWithAnAlert()
    {
        await using var gateway = await TlsTables.StartAsync(With([Https("exact", "shop.test", Shop)], []), Shop);
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("other.test"));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync(null));
        await using var served = await gateway.ConnectAsync("shop.test");
        Assert.Equal("shop.test", served.Names[0]);
    }

    [Fact]
    public async Task Request_ForAnotherListenersName_Gets421()
    {
        await using var backend = await TestBackend.StartAsync();
        var (exact, wild) = (Https("exact", "shop.test", Shop), Https("wild", "*.shop.test", Wild));
        await using var gateway = await TlsTables.StartAsync(
            With([exact, wild], [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]), exact.Id), Host("*.shop.test", Rule([To("v1")]), wild.Id)), Shop, Wild);
        Assert.StartsWith("HTTP/1.1 200", await gateway.GetAsync("shop.test", "shop.test"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 421", await gateway.GetAsync("shop.test", "a.shop.test"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", await gateway.GetAsync("shop.test", "nobody.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_Replaced_IsShownToTheNextClientAndDropsNoConnection()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await OneAsync(backend, Https("one", "shop.test", Shop), Shop);
        await using var old = await gateway.ConnectAsync("shop.test");
        var renewed = TestCertificate.Of("shop", "shop.test", "new.shop.test");
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Certificates, renewed.Entry.Key, renewed.Entry) { Secret = renewed.Secret }]));
        await using var fresh = await gateway.ConnectAsync("shop.test");
        Assert.Equal("new.shop.test", fresh.Names[1]);
        Assert.StartsWith("HTTP/1.1 200", await old.GetAsync("shop.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_BelowTls12_IsRefused()
    {
        await using var gateway = await TlsTables.StartAsync(With([Https("exact", "shop.test", Shop)], []), Shop);
#pragma warning disable SYSLIB0039, CA5397 // What is refused here is what the warning is about.
        await Assert.ThrowsAnyAsync<Exception>(() => gateway.ConnectAsync("shop.test", options => options.EnabledSslProtocols = SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        await using var tls12 = await gateway.ConnectAsync("shop.test", options => options.EnabledSslProtocols = SslProtocols.Tls12);
        Assert.Equal(SslProtocols.Tls12, tls12.Stream.SslProtocol);
    }

    [Fact]
    public async Task Port_ThatTurnsFromHttpToHttps_ServesTlsOnAndLetsOldConnectionsEnd()
    {
        await using var backend = await TestBackend.StartAsync();
        var plain = Https("one", "shop.test") with { Protocol = "HTTP", Tls = null };
        await using var gateway = await OneAsync(backend, plain);
        using var socket = await SocketAsync(gateway.Port);
        var buffer = new byte[8192];
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer)), StringComparison.Ordinal);

        Assert.Empty(gateway.Tables.Apply(Edits(With([Https("one", "shop.test", Shop)], [], Host("shop.test", Rule([To("v1")]), plain.Id)), Shop)));
        Assert.StartsWith("HTTP/1.1 200", await gateway.GetAsync("shop.test", "shop.test"), StringComparison.Ordinal);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
        {
            // What is left of the answer; then the gateway closes the idle connection.
        }
    }

    private static async Task<TlsGateway> OneAsync(TestBackend backend, ListenerEntry listener, params TestCertificate[] certificates) => await TlsTables.StartAsync(
        With([listener], [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]), listener.Id)), certificates);

    private static async Task<System.Net.Sockets.Socket> SocketAsync(int port)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }
}
