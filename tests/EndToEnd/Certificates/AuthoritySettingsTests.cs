using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing.Acme;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>What the settings file says of authorities beside their address.</summary>
public sealed class AuthoritySettingsTests
{
    [Fact]
    public async Task Authorities_WantingExternalAccounts_IssueToTheOneThatIsBoundAndByTheRootThatIsPreferred()
    {
        var key = Base64Url.EncodeToString(Encoding.ASCII.GetBytes("a-key-of-thirty-two-characters-x"));
        var pebble = new PebbleOptions { ExternalAccounts = new Dictionary<string, string> { ["customer-1"] = key }, AlternateRoots = 2 };
        await using var site = await AcmeSite.StartAsync(authorities: 2, pebble: pebble, settings: async (name, authority) => name == "ca1"
            ? new { contacts = new[] { "mailto:ops@example.test" } }
            : new { externalAccount = new { keyId = "customer-1", key }, preferredRoot = CommonName(await authority.RootAsync(2)) });
        await site.AddTenantAsync("shop");

        // Alone, the unbound one is nobody's choice again until somebody acts.
        await site.ClaimAsync("shop", "first.example.test", """{"certificate":{"issuer":"ca1"}}""");
        var refused = await UntilAsync(site, "first", "Stopped");
        var problem = refused.GetProperty("problems")[0];
        Assert.Equal(("AccountRefused", "Platform"), (problem.GetProperty("code").GetString(), problem.GetProperty("whoMustAct").GetString()));
        Assert.DoesNotContain(key, refused.ToString(), StringComparison.Ordinal);

        // In order, it makes place for the next one at once.
        await site.ClaimAsync("shop", "any.example.test");
        Assert.Equal("ca2", (await UntilAsync(site, "any", "Issued")).GetProperty("issuer").GetString());
        using var preferred = await site.Authorities[1].RootAsync(2);
        using var leaf = await TrustedClient.ServedAsync(site, "any.example.test", preferred);
        using var usual = await site.Authorities[1].RootAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => TlsClient.GetTrustedAsync(site.TlsPort, "any.example.test", usual));
        Assert.DoesNotContain(key, site.Gatehouse.Run.Output, StringComparison.Ordinal);
    }

    private static string CommonName(System.Security.Cryptography.X509Certificates.X509Certificate2 root) =>
        root.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false);

    private static async Task<JsonElement> UntilAsync(AcmeSite site, string name, string state)
    {
        for (var i = 0; ; i++)
        {
            var issuance = (await site.Gatehouse.Api.GetAsync($"tenants/shop/hostnames/{name}.example.test")).Document.GetProperty("status").GetProperty("issuance");
            if (issuance.GetProperty("state").GetString() == state)
                return issuance;
            Assert.True(i < 400, $"{name} is not {state}: {issuance}");
            await Task.Delay(50);
        }
    }
}
