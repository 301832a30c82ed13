using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Tests.Harness;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

/// <summary>What clients get who ask for a name that nobody serves.</summary>
public sealed class NeutralCertificateTests
{
    private static readonly TestCertificate Shop = TestCertificate.Of("shop", "shop.test");

    [Theory]
    [InlineData("other.test", "other.test")]
    [InlineData("other.test", "shop.test")]
    [InlineData(null, "shop.test")]
    [InlineData(null, "other.test")]
    public async Task UnknownName_WithTheOption_GetsACertificateOfNobodyAnd421(string? serverName, string host)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await OneAsync(backend, neutral: true);
        await using var client = await gateway.ConnectAsync(serverName);

        var certificate = (X509Certificate2)client.Stream.RemoteCertificate!;
        Assert.Equal("CN=gateway.invalid", certificate.Subject);
        Assert.Empty(client.Names);
        var answer = await client.GetAsync(host);
        Assert.StartsWith("HTTP/1.1 421", answer, StringComparison.Ordinal);
        Assert.Contains("misdirected", answer, StringComparison.Ordinal);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task UnknownName_ByHttp2_Gets421OnEveryStream()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await OneAsync(backend, neutral: true);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, _) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, gateway.Port);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null },
        };
        using var client = new HttpClient(handler);
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://other.test/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task KnownName_WithTheOption_IsServedAsEver()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await OneAsync(backend, neutral: true);
        await using var client = await gateway.ConnectAsync("shop.test");
        Assert.Equal("shop.test", client.Names[0]);
        Assert.StartsWith("HTTP/1.1 200", await client.GetAsync("shop.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownName_WithoutTheOption_IsRefused()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await OneAsync(backend, neutral: false);
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("other.test"));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync(null));
    }

    [Fact]
    public async Task KnownName_WithoutAUsableCertificate_IsRefusedAllTheSame()
    {
        await using var gateway = await TlsTables.StartAsync(With([Https("one", "shop.test", Shop)], []), options => options with { NeutralCertificate = true });
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("shop.test"));
    }

    [Theory]
    [InlineData("neutral", true)]
    [InlineData("refuse", false)]
    [InlineData(null, false)]
    public void Option_InWords_IsRead(string? text, bool neutral) =>
        Assert.Equal(neutral, DataPlaneArguments.Parse(text is null ? [] : ["--unknown-sni", text], static _ => null).NeutralCertificate);

    [Fact]
    public void Option_WithAnotherWord_IsRefused() =>
        Assert.Contains("refuse or neutral", Assert.Throws<FormatException>(() => DataPlaneArguments.Parse(["--unknown-sni", "yes"], static _ => null)).Message, StringComparison.Ordinal);

    private static Task<TlsGateway> OneAsync(TestBackend backend, bool neutral)
    {
        var listener = Https("one", "shop.test", Shop);
        return TlsTables.StartAsync(
            With([listener], [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]), listener.Id)), options => options with { NeutralCertificate = neutral }, Shop);
    }
}
