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
        using var first = await TrustedClient.ServedAsync(site, "shop.example.test", root);

        // Whoever opens connections all the time sees no failure, and then the new certificate.
        using var stop = new CancellationTokenSource();
        var load = TrustedClient.LoadAsync(site, "shop.example.test", stop.Token, root);
        var now = TimeProvider.System.GetUtcNow();
        await site.Authorities[0].SetRenewalInfoAsync(first, now.AddHours(-2), now.AddHours(-1));
        using var second = await TrustedClient.OtherAsync(site, "shop.example.test", first, root);
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
        using var leaf = await TrustedClient.ServedAsync(site, "a.wild.example.test", await site.Authorities[0].RootAsync());
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
        using var leaf = await TrustedClient.ServedAsync(site, "shop.example.test", await site.Authorities[1].RootAsync());
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
        using var leaf = await TrustedClient.ServedAsync(site, "shop.example.test", await site.Authorities[0].RootAsync());
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
}
