using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class ClientValidationTests : IDisposable
{
    private static readonly TestCertificate Shop = TestCertificate.Of("shop", "shop.test");

    private readonly ClientAuthority _authority = new("clients");
    private readonly ClientAuthority _other = new("others");

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("issued", false, true)]
    [InlineData("none", false, false)]
    [InlineData("other", false, false)]
    [InlineData("expired", false, false)]
    [InlineData("server", false, false)]
    [InlineData("none", true, true)]
    [InlineData("other", true, true)]
    [InlineData("expired", true, true)]
    public async Task Client_WithCertificate_IsTakenIfTheListenerSaysSo(string kind, bool allowInvalid, bool taken)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, new ClientValidationEntry(_authority.Pem, allowInvalid));
        foreach (var version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
            Assert.Equal(taken, await IsTakenAsync(gateway, Certificate(kind), version));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")]
    public async Task Authorities_ThatCannotBeRead_LetNobodyIn(string pem)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, new ClientValidationEntry(pem, AllowInvalid: false));
        Assert.False(await IsTakenAsync(gateway, Certificate("issued"), SslProtocols.Tls13));
        Assert.False(await IsTakenAsync(gateway, null, SslProtocols.Tls13));
    }

    [Fact]
    public async Task Bundle_OfSeveralAuthorities_TakesTheClientsOfEach()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, new ClientValidationEntry(_authority.Pem + "\n" + _other.Pem, AllowInvalid: false));
        Assert.True(await IsTakenAsync(gateway, Certificate("issued"), SslProtocols.Tls13));
        Assert.True(await IsTakenAsync(gateway, Certificate("other"), SslProtocols.Tls13));
    }

    [Fact]
    public async Task Client_BehindAnIntermediateOfTheBundle_IsTaken()
    {
        using var between = new ClientAuthority("between", _authority);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, new ClientValidationEntry(_authority.Pem + "\n" + between.Pem, AllowInvalid: false));
        Assert.True(await IsTakenAsync(gateway, between.Issue("client"), SslProtocols.Tls13));
    }

    [Fact]
    public async Task Authorities_ThatChange_HoldForNewConnectionsAndEndOldOnes()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, new ClientValidationEntry(_authority.Pem, AllowInvalid: false));
        using var client = Certificate("issued");
        await using var old = await gateway.ConnectAsync("shop.test", options => Show(options, client));
        var changed = Listener(new ClientValidationEntry(_other.Pem, AllowInvalid: false));
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, changed.Id, changed)]));
        Assert.False(await IsTakenAsync(gateway, client, SslProtocols.Tls13));
        Assert.True(await IsTakenAsync(gateway, Certificate("other"), SslProtocols.Tls13));
        Assert.Equal("", await old.ReadToEndAsync());
    }

    [Fact]
    public async Task Client_ThatIsTaken_CannotNameItselfToTheBackend()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, new ClientValidationEntry(_authority.Pem, AllowInvalid: true));
        await using var client = await gateway.ConnectAsync("shop.test");
        var answer = await client.GetAsync("shop.test", "X-Client-Cert: admin\r\nX-Forwarded-Client-Cert: admin\r\nX_SSL_Client_Cert: admin\r\nSSL-Client-Verify: SUCCESS\r\nX-SSL-Client-Verify: SUCCESS\r\nX-SSL-Client-S-DN: CN=admin\r\n");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("admin", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("SUCCESS", answer, StringComparison.Ordinal);
    }

    private X509Certificate2? Certificate(string kind) => kind switch
    {
        "issued" => _authority.Issue("client"),
        "other" => _other.Issue("client"),
        "expired" => _authority.Issue("client", days: 0),
        "server" => _authority.Issue("client", usage: "1.3.6.1.5.5.7.3.1"),
        _ => null,
    };

    private static ListenerEntry Listener(ClientValidationEntry validation)
    {
        var listener = Https("one", "shop.test", Shop);
        return listener with { Tls = listener.Tls! with { ClientValidation = validation } };
    }

    private static Task<TlsGateway> StartAsync(TestBackend backend, ClientValidationEntry validation)
    {
        var listener = Listener(validation);
        return TlsTables.StartAsync(With([listener], [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]), listener.Id)), Shop);
    }

    private static void Show(SslClientAuthenticationOptions options, X509Certificate2? certificate)
    {
        if (certificate is not null)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
    }

    private static async Task<bool> IsTakenAsync(TlsGateway gateway, X509Certificate2? certificate, SslProtocols version)
    {
        try
        {
            var answer = await gateway.GetAsync("shop.test", "shop.test", options =>
            {
                options.EnabledSslProtocols = version;
                Show(options, certificate);
            });
            return answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
