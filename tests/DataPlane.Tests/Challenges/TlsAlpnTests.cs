using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Challenges;

public sealed class TlsAlpnTests
{
    private static readonly SslApplicationProtocol Acme = new("acme-tls/1");
    private static readonly TestCertificate Shop = TestCertificate.Of("shop", "shop.test");

    private static readonly ChallengeEntry Challenge = new()
    {
        Key = "evaGxfADs6pSRb2LAv9IZf17", Hostname = "shop.test", Type = ChallengeEntry.TlsAlpn01, TlsAddresses = [""],
        KeyAuthorization = "evaGxfADs6pSRb2LAv9IZf17.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI",
    };

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Validation_WithoutAnyListener_IsShownTheProofAndTheConnectionEnds(SslProtocols version)
    {
        await using var gateway = await TlsTables.StartAsync(Challenged(Challenge));
        await using var client = await gateway.ConnectAsync("SHOP.test", Validating(version));
        AssertProof(client, Challenge.KeyAuthorization);
        Assert.Equal("", await client.ReadToEndAsync());
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("shop.test"));
    }

    [Fact]
    public async Task Hostname_ThatServesMeanwhile_ShowsItsOwnCertificateToOthers()
    {
        await using var backend = await TestBackend.StartAsync();
        var listener = Https("one", "shop.test", Shop);
        await using var gateway = await TlsTables.StartAsync(
            With([listener], [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]), listener.Id)) with { Challenges = Challenged(Challenge).Challenges }, Shop);
        await using (var validation = await gateway.ConnectAsync("shop.test", Validating()))
            AssertProof(validation, Challenge.KeyAuthorization);
        Assert.StartsWith("HTTP/1.1 200", await gateway.GetAsync("shop.test", "shop.test"), StringComparison.Ordinal);
        await using (var both = await gateway.ConnectAsync("shop.test", options => options.ApplicationProtocols = [Acme, SslApplicationProtocol.Http11]))
            Assert.Equal((SslApplicationProtocol.Http11, "shop.test"), (both.Stream.NegotiatedApplicationProtocol, both.Names.Single()));
        Assert.Equal(1, backend.Requests);
    }

    [Fact]
    public async Task Validation_OfANameWithoutChallenge_IsNeverNegotiated()
    {
        await using var gateway = await TlsTables.StartAsync(
            With([Https("one", "shop.test", Shop), Https("two", "other.test", Shop)], []) with { Challenges = Challenged(Challenge).Challenges }, Shop);
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("other.test", Validating()));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("www.shop.test", Validating()));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync(null, Validating()));
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Challenges, Challenge.Key, null)]));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("shop.test", Validating()));
    }

    [Fact]
    public async Task Validation_OfANameThatIsPassedThrough_NeverReachesTheBackend()
    {
        var reached = 0;
        using var backend = TcpBackend.Of(async socket =>
        {
            // Probes connect and say nothing.
            if (await socket.ReceiveAsync(new byte[1]) > 0)
                Interlocked.Increment(ref reached);
        });
        var listener = Https("one", "shop.test") with { Protocol = "TLS", Tls = new ListenerTlsEntry { Passthrough = true } };
        await using var gateway = await TlsTables.StartAsync(
            With([listener], [StreamTables.TcpBackendEntry("db", backend.Port)], StreamTables.StreamHost(listener, "shop.test", To("db"))) with { Challenges = Challenged(Challenge).Challenges });
        await using (var validation = await gateway.ConnectAsync("shop.test", Validating()))
            AssertProof(validation, Challenge.KeyAuthorization);
        Assert.Equal(0, reached);
        await Assert.ThrowsAnyAsync<Exception>(() => gateway.ConnectAsync("shop.test"));
        Assert.Equal(1, reached);
    }

    [Fact]
    public async Task Challenge_AfterAnother_IsTheOneThatIsAnswered()
    {
        var second = Challenge with { Key = "second", KeyAuthorization = "second.thumb" };
        await using var gateway = await TlsTables.StartAsync(Challenged(Challenge));
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Challenges, second.Key, second)]));
        await using (var validation = await gateway.ConnectAsync("shop.test", Validating()))
            AssertProof(validation, second.KeyAuthorization);
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Challenges, second.Key, null)]));
        await using (var validation = await gateway.ConnectAsync("shop.test", Validating()))
            AssertProof(validation, Challenge.KeyAuthorization);
    }

    [Fact]
    public async Task Socket_OfAChallenge_ClosesWithItAndNeverChangesAListeners()
    {
        var plain = Https("plain", "shop.test") with { Protocol = "HTTP", Tls = null };
        await using var gateway = await TlsTables.StartAsync(Challenged(Challenge));
        var sockets = gateway.Gateway.Services.GetRequiredServiceOf<Listeners.SocketSet>();
        Assert.True(Assert.Single(sockets.Report(), socket => socket.Port == HttpsPort).Bound);
        gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, plain.Id, plain)]);
        Assert.StartsWith("HTTP/1.1 404", await gateway.Gateway.RawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n", gateway.Port), StringComparison.Ordinal);
        gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, plain.Id, null), new TableEdit(FeedEntry.Challenges, Challenge.Key, null)]);
        Assert.DoesNotContain(sockets.Report(), socket => socket.Port == HttpsPort);
    }

    [Fact]
    public async Task Validation_IsLoggedAsAChallenge()
    {
        var file = System.IO.Path.GetTempFileName();
        await using (var gateway = await TestGateway.StartAsync(configure: options => options with { AccessLog = file, Publish = new Dictionary<int, int> { [HttpsPort] = FreePort.Next() } }))
        {
            gateway.Tables.Apply(TableEdit.Of(Challenged(Challenge)));
            await using var client = await new TlsGateway(gateway, gateway.Services.GetRequiredServiceOf<Listeners.SocketSet>().Report()[0].BoundPort).ConnectAsync("shop.test", Validating());
            await client.ReadToEndAsync();
        }
        using var line = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(file)));
        File.Delete(file);
        Assert.Equal(("tls-alpn-01", "shop.test", 200), (line.RootElement.GetProperty("challenge").GetString(), line.RootElement.GetProperty("serverName").GetString(), line.RootElement.GetProperty("status").GetInt32()));
    }

    private static MatchTable Challenged(ChallengeEntry challenge) => With([], []) with { Challenges = new Dictionary<string, ChallengeEntry> { [challenge.Key] = challenge } };

    private static Action<SslClientAuthenticationOptions> Validating(SslProtocols version = SslProtocols.None) => options =>
    {
        options.ApplicationProtocols = [Acme];
        options.EnabledSslProtocols = version;
    };

    // RFC 8737 §3, as an authority checks it.
    private static void AssertProof(TlsClient client, string keyAuthorization)
    {
        Assert.Equal(Acme, client.Stream.NegotiatedApplicationProtocol);
        Assert.Equal("shop.test", Assert.Single(client.Names));
        var certificate = (X509Certificate2)client.Stream.RemoteCertificate!;
        Assert.Equal(certificate.Subject, certificate.Issuer);
        var identifier = Assert.Single(certificate.Extensions, extension => extension.Oid!.Value == "1.3.6.1.5.5.7.1.31");
        Assert.True(identifier.Critical);
        Assert.Equal([4, 32, .. SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization))], identifier.RawData);
    }
}

file static class Services
{
    public static T GetRequiredServiceOf<T>(this IServiceProvider services)
        where T : notnull => (T)services.GetService(typeof(T))!;
}
