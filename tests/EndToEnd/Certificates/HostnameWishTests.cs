using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>What a Hostname asks for beside its certificate, with one that is issued and renewed meanwhile.</summary>
public sealed class HostnameWishTests
{
    private const string Host = "shop.example.test";

    [Fact]
    public async Task Hostname_WithRedirectHstsAndTls13_KeepsAllOfItAndIsRenewedByHttpAllTheSame()
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", Host, """
            {"httpsRedirect":true,"hsts":{"maxAge":31536000,"includeSubDomains":true},"tls":{"minimumVersion":"1.3"},"certificate":{"challenge":"Http01"}}
            """);
        await site.WaitForCertificateAsync("shop", Host);
        var root = await site.Authorities[0].RootAsync();
        using var first = await TrustedClient.ServedAsync(site, Host, root);
        await AsAskedAsync(site, root);

        var answer = await site.Gatehouse.Api.PostAsync($"tenants/shop/hostnames/{Host}/renew", "{}");
        Assert.True((int)answer.Status is >= 200 and < 300, answer.ToString());
        using var second = await TrustedClient.OtherAsync(site, Host, first, root);
        await AsAskedAsync(site, root);
    }

    private static async Task AsAskedAsync(AcmeSite site, X509Certificate2 root)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        foreach (var (method, status) in new[] { (HttpMethod.Get, HttpStatusCode.MovedPermanently), (HttpMethod.Post, HttpStatusCode.PermanentRedirect) })
        {
            using var request = new HttpRequestMessage(method, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{site.Gatehouse.TrafficPort}/a%20b?c=d"));
            request.Headers.Host = Host;
            using var redirect = await http.SendAsync(request);
            Assert.Equal(status, redirect.StatusCode);
            Assert.Equal($"https://{Host}/a%20b?c=d", redirect.Headers.Location?.OriginalString.Replace(string.Create(CultureInfo.InvariantCulture, $":{site.TlsPort}"), "", StringComparison.Ordinal));
            Assert.False(redirect.Headers.Contains("Strict-Transport-Security"));
        }
        var (leaf, answer) = await TlsClient.GetTrustedAsync(site.TlsPort, Host, root);
        leaf.Dispose();
        Assert.Contains("\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n", answer, StringComparison.OrdinalIgnoreCase);
        await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(site, root, SslProtocols.Tls12));
        await HandshakeAsync(site, root, SslProtocols.Tls13);
    }

    private static async Task HandshakeAsync(AcmeSite site, X509Certificate2 root, SslProtocols protocol)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, site.TlsPort);
        await using var tls = new SslStream(socket.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(root);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = Host, CertificateChainPolicy = policy, EnabledSslProtocols = protocol });
        Assert.Equal(protocol, tls.SslProtocol);
    }
}
