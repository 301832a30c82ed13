using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>From a claim to a certificate that renews itself, with a real DNS server and real certificate authorities.</summary>
public sealed class ManagedCertificateTests
{
    [Fact]
    public async Task Hostname_ClaimedAndProven_GetsACertificateByHttpAndRenewsItOnTheAuthoritysWishUnderLoad()
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", "shop.example.test", """{"httpsRedirect":true}""");
        var hostname = await site.WaitForCertificateAsync("shop", "shop.example.test");

        var issuance = hostname.GetProperty("status").GetProperty("issuance");
        Assert.Equal("shop.example.test.managed", (await WaitForIssuedAsync(site, "shop", "shop.example.test")).GetProperty("certificate").GetString());
        Assert.Equal("ca1", issuance.GetProperty("issuer").GetString());
        var root = await site.Authorities[0].RootAsync();
        using var first = await TrustedAsync(site, "shop.example.test", root);

        // Whoever opens connections all the time sees no failure, and then the new certificate.
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(site, "shop.example.test", stop.Token);
        var now = TimeProvider.System.GetUtcNow();
        await site.Authorities[0].SetRenewalInfoAsync(first, now.AddHours(-2), now.AddHours(-1));
        using var second = await OtherAsync(site, "shop.example.test", root, first);
        await stop.CancelAsync();
        Assert.True(await load > 20);
    }

    [Fact]
    public async Task Hostname_Wildcard_GetsACertificateByADelegatedDnsRecord()
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("shop");
        var claimed = await site.Gatehouse.Api.PutAsync("tenants/shop/hostnames/*.wild.example.test", """{"spec":{}}""");
        var delegation = Required(claimed.Document, "Certificate");
        await site.ChangeDnsAsync($"add {delegation.GetProperty("name").GetString()}. 60 CNAME {delegation.GetProperty("value").GetString()}.");
        await site.ClaimAsync("shop", "*.wild.example.test");
        await site.WaitForCertificateAsync("shop", "*.wild.example.test");
        using var leaf = await TrustedAsync(site, "a.wild.example.test", await site.Authorities[0].RootAsync());
        Assert.Contains("*.wild.example.test", leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
    }

    [Fact]
    public async Task Authority_Away_IsReplacedByTheNextOne()
    {
        await using var site = await AcmeSite.StartAsync(authorities: 2);
        await site.Authorities[0].StopAsync();
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", "shop.example.test");
        var hostname = await site.WaitForCertificateAsync("shop", "shop.example.test");
        Assert.Equal("ca2", hostname.GetProperty("status").GetProperty("issuance").GetProperty("issuer").GetString());
        using var leaf = await TrustedAsync(site, "shop.example.test", await site.Authorities[1].RootAsync());
    }

    [Theory]
    [InlineData("TlsAlpn01")]
    [InlineData("Dns01")]
    public async Task Hostname_WithAChallengeOfItsChoice_GetsACertificateByIt(string challenge)
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("shop");
        var spec = $$"""{"certificate":{"challenge":"{{challenge}}","keyType":"Rsa2048"} }""";
        var claimed = await site.Gatehouse.Api.PutAsync("tenants/shop/hostnames/shop.example.test", $$"""{"spec":{{spec}}}""");
        if (challenge == "Dns01")
        {
            var delegation = Required(claimed.Document, "Certificate");
            await site.ChangeDnsAsync($"add {delegation.GetProperty("name").GetString()}. 60 CNAME {delegation.GetProperty("value").GetString()}.");
        }
        await site.ClaimAsync("shop", "shop.example.test", spec);
        await site.WaitForCertificateAsync("shop", "shop.example.test");
        using var leaf = await TrustedAsync(site, "shop.example.test", await site.Authorities[0].RootAsync());
        Assert.Equal(2048, leaf.GetRSAPublicKey()?.KeySize);
    }

    private static JsonElement Required(JsonElement hostname, string purpose) =>
        hostname.GetProperty("status").GetProperty("dns").GetProperty("required").EnumerateArray().First(record => record.GetProperty("purpose").GetString() == purpose);

    private static async Task<JsonElement> WaitForIssuedAsync(AcmeSite site, string tenant, string hostname)
    {
        for (var i = 0; i < 200; i++)
        {
            var issuance = (await site.Gatehouse.Api.GetAsync($"tenants/{tenant}/hostnames/{hostname}")).Document.GetProperty("status").GetProperty("issuance");
            if (issuance.GetProperty("state").GetString() == "Issued")
                return issuance;
            await Task.Delay(50);
        }
        throw new TimeoutException("The certificate is not noted as issued.");
    }

    // As `curl --cacert` does it.
    private static async Task<X509Certificate2> TrustedAsync(AcmeSite site, string hostname, X509Certificate2 root)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                var (leaf, answer) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, root);
                Assert.Contains("200 OK", answer, StringComparison.Ordinal);
                return leaf;
            }
            catch (Exception failure) when (i < 200 && (failure is AuthenticationException or IOException or SocketException))
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task<X509Certificate2> OtherAsync(AcmeSite site, string hostname, X509Certificate2 root, X509Certificate2 before)
    {
        for (var i = 0; i < 400; i++)
        {
            var (leaf, _) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, root);
            if (leaf.SerialNumber != before.SerialNumber)
                return leaf;
            leaf.Dispose();
            await Task.Delay(50);
        }
        throw new TimeoutException($"The certificate is not renewed: {(await site.Gatehouse.Api.GetAsync($"tenants/shop/hostnames/{hostname}")).Text}");
    }

    private static async Task<int> LoadAsync(AcmeSite site, string hostname, CancellationToken stop)
    {
        var root = await site.Authorities[0].RootAsync();
        var done = 0;
        while (!stop.IsCancellationRequested)
        {
            var (leaf, answer) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, root);
            leaf.Dispose();
            Assert.Contains("200 OK", answer, StringComparison.Ordinal);
            done++;
        }
        return done;
    }
}
