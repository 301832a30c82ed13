using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Testing.Certificates;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Uploaded certificates that come near to their end.</summary>
public sealed class UploadedEndTests
{
    [Fact]
    public async Task Certificate_UploadedAndNearItsEnd_MakesPlaceForAManagedOneUnlessItsTenantSaysOtherwise()
    {
        // Ten days but some seconds: the certificate comes to its margin while it is served.
        await using var site = await AcmeSite.StartAsync(further: new { uploadedMargin = "863985s" });
        await site.AddTenantAsync("shop");
        var pairs = new Dictionary<string, TestKeyPair>();
        foreach (var name in new[] { "own", "kept" })
        {
            pairs[name] = TestKeyPair.Ec((-1, 10), $"{name}.example.test");
            await site.Gatehouse.Api.PutAsync($"tenants/shop/certificates/{name}", JsonSerializer.Serialize(new { spec = new { certificate = pairs[name].Certificate, privateKey = pairs[name].PrivateKey } }));
        }
        await site.ClaimAsync("shop", "own.example.test");
        await site.ClaimAsync("shop", "kept.example.test", """{"certificate":{"source":"Uploaded"}}""");
        using var uploaded = X509Certificate2.CreateFromPem(pairs["own"].Certificate);
        using var kept = X509Certificate2.CreateFromPem(pairs["kept"].Certificate);
        using (await TrustedClient.ServedAsync(site, "own.example.test", uploaded))
        using (await TrustedClient.ServedAsync(site, "kept.example.test", kept))
        {
            Assert.Equal("Uploaded", (await IssuanceAsync(site, "own")).GetProperty("state").GetString());
        }

        var root = await site.Authorities[0].RootAsync();
        using var stop = new CancellationTokenSource();
        var loads = Task.WhenAll(TrustedClient.LoadAsync(site, "own.example.test", stop.Token, uploaded, root), TrustedClient.LoadAsync(site, "kept.example.test", stop.Token, kept));
        using var managed = await TrustedClient.OtherAsync(site, "own.example.test", uploaded, uploaded, root);
        using var trusted = await TrustedClient.ServedAsync(site, "own.example.test", root);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await stop.CancelAsync();
        Assert.All(await loads, static handshakes => Assert.True(handshakes > 20));
        Assert.Equal("Issued", (await IssuanceAsync(site, "own")).GetProperty("state").GetString());
        Assert.Equal("Off", (await IssuanceAsync(site, "kept")).GetProperty("state").GetString());
    }

    private static async Task<JsonElement> IssuanceAsync(AcmeSite site, string name) =>
        (await site.Gatehouse.Api.GetAsync($"tenants/shop/hostnames/{name}.example.test")).Document.GetProperty("status").GetProperty("issuance");
}
