using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Names below the platform's own domain, whose zone Gatehouse may update: one wildcard certificate for all of a tenant's.</summary>
public sealed class SharedCertificateTests
{
    private const string Base = "apps.example.test";

    [Fact]
    public async Task Names_OfTheBaseDomain_ShareOneWildcardCertificateAsLongAsAnyIsLeft()
    {
        await using var site = await AcmeSite.StartAsync(options: ["--base-domain", Base]);
        await site.AddTenantAsync("shop");
        await site.AddTenantAsync("other");
        var names = Enumerable.Range(0, 12).Select(number => $"n{number}.shop.{Base}").ToList();
        await Task.WhenAll(names.Select(name => site.Gatehouse.Api.PutAsync($"tenants/shop/hostnames/{name}", """{"spec":{}}""")));
        await site.Gatehouse.Api.PutAsync($"tenants/other/hostnames/www.other.{Base}", """{"spec":{}}""");

        foreach (var name in names)
            await site.WaitForCertificateAsync("shop", name);
        await site.WaitForCertificateAsync("other", $"www.other.{Base}");
        Assert.Equal([$"any.shop.{Base}.managed"], await CertificatesAsync(site, "shop"));
        Assert.Equal([$"any.other.{Base}.managed"], await CertificatesAsync(site, "other"));
        var states = await UntilSettledAsync(site, names);
        Assert.Equal(1, states.Count(static state => state == "Issued"));
        var root = await site.Authorities[0].RootAsync();
        foreach (var name in names)
        {
            using var leaf = await LeafAsync(site, name, root);
            Assert.Equal([$"*.shop.{Base}"], leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        }

        // Who has it in hand asks for one of its own, and gets it; the next one is released. Each time another one takes over.
        var own = await LeaderAsync(site, names);
        await site.Gatehouse.Api.PutAsync($"tenants/shop/hostnames/{own}", """{"spec":{"certificate":{"keyType":"Rsa2048"}}}""");
        await UntilAsync(async () => (await CertificatesAsync(site, "shop")).Count == 2, "the RSA certificate is there");
        names.Remove(own);
        var leader = await LeaderAsync(site, names);
        Assert.Equal(HttpStatusCode.NoContent, (await site.Gatehouse.Api.DeleteAsync($"tenants/shop/hostnames/{leader}")).Status);
        var left = names.Where(name => name != leader).ToList();
        var next = await LeaderAsync(site, left);
        using var before = await LeafAsync(site, next, root);
        await site.Gatehouse.Api.PostAsync($"tenants/shop/hostnames/{left.First(name => name != next)}/renew", "{}");
        await UntilAsync(
            async () =>
            {
                using var now = await LeafAsync(site, next, root);
                return now.SerialNumber != before.SerialNumber;
            },
            "the shared certificate is renewed");

        // So does revoking it, which any of them may ask for.
        using var renewed = await LeafAsync(site, next, root);
        Assert.Equal(HttpStatusCode.Accepted, (await site.Gatehouse.Api.PostAsync($"tenants/shop/hostnames/{left.First(name => name != next)}/revoke", """{"reason":"Superseded"}""")).Status);
        await UntilAsync(
            async () =>
            {
                using var now = await LeafAsync(site, next, root);
                return now.SerialNumber != renewed.SerialNumber;
            },
            "the revoked certificate is replaced");

        foreach (var name in left)
            Assert.Equal(HttpStatusCode.NoContent, (await site.Gatehouse.Api.DeleteAsync($"tenants/shop/hostnames/{name}")).Status);
        Assert.Equal([$"{own}.managed"], await CertificatesAsync(site, "shop"));
    }

    private static async Task<X509Certificate2> LeafAsync(AcmeSite site, string name, X509Certificate2 root) => (await TlsClient.GetTrustedAsync(site.TlsPort, name, root)).Leaf;

    private static async Task<List<string>> CertificatesAsync(AcmeSite site, string tenant) =>
        [.. (await site.Gatehouse.Api.GetAsync($"tenants/{tenant}/certificates")).Document.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];

    private static async Task<List<string?>> UntilSettledAsync(AcmeSite site, IReadOnlyList<string> names)
    {
        List<string?> states = [];
        await UntilAsync(
            async () =>
            {
                states = [];
                foreach (var name in names)
                    states.Add(await StateAsync(site, name));
                return states.TrueForAll(static state => state is "Issued" or "Shared");
            },
            "all names show the certificate");
        return states;
    }

    private static async Task<string> LeaderAsync(AcmeSite site, IReadOnlyList<string> names)
    {
        string? leader = null;
        await UntilAsync(
            async () =>
            {
                foreach (var name in names)
                {
                    if (await StateAsync(site, name) == "Issued")
                        leader = name;
                }
                return leader is not null;
            },
            "one name has the certificate in hand");
        return leader!;
    }

    private static async Task<string?> StateAsync(AcmeSite site, string name) =>
        (await site.Gatehouse.Api.GetAsync($"tenants/shop/hostnames/{name}")).Document.GetProperty("status").TryGetProperty("issuance", out JsonElement issuance) ? issuance.GetProperty("state").GetString() : null;

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(begun).TotalSeconds > 40)
                Assert.Fail($"Not within 40 s: {what}");
            await Task.Delay(100);
        }
    }
}
