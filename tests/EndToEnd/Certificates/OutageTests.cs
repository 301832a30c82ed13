using System.Text.Json;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>An authority that is away while a renewal is due; an hour of it takes seconds, because the first pause is one of them and not a minute.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Authority_AwayWhenARenewalIsDue_IsAskedEverMoreRarelyAndTheCertificateStays()
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", "shop.example.test");
        await site.WaitForCertificateAsync("shop", "shop.example.test");
        var root = await site.Authorities[0].RootAsync();
        using var first = await TrustedClient.ServedAsync(site, "shop.example.test", root);

        await site.Authorities[0].StopAsync();
        using var stop = new CancellationTokenSource();
        var load = TrustedClient.LoadAsync(site, "shop.example.test", stop.Token, root);
        await RenewAsync(site);
        var attempts = new SortedDictionary<int, DateTimeOffset>();
        while (attempts.Keys.LastOrDefault() < 4)
        {
            var issuance = await IssuanceAsync(site);
            if (issuance.GetProperty("state").GetString() == "Retrying")
                attempts.TryAdd(issuance.GetProperty("failures").GetInt32(), issuance.GetProperty("nextAttemptAt").GetDateTimeOffset());
            Assert.Equal("shop.example.test.managed", issuance.GetProperty("certificate").GetString());
            await Task.Delay(20);
        }
        // After the second failure 2 seconds, then 4, then 8: each give or take a tenth, and what the attempt itself takes.
        foreach (var failures in attempts.Keys.Where(failures => attempts.ContainsKey(failures + 1)))
            Assert.InRange((attempts[failures + 1] - attempts[failures]).TotalSeconds, 0.9 * Math.Pow(2, failures), (1.1 * Math.Pow(2, failures)) + 4);
        Assert.Contains((await IssuanceAsync(site)).GetProperty("problems").EnumerateArray(), problem => problem.GetProperty("code").GetString() == "AuthorityUnavailable");
        using (var still = await TrustedClient.ServedAsync(site, "shop.example.test", root))
            Assert.Equal(first.SerialNumber, still.SerialNumber);
        await stop.CancelAsync();
        Assert.True(await load > 20);

        // It is back with new roots and knows no account: nobody needs to do anything.
        await site.Authorities[0].RestartAsync();
        using var second = await TrustedClient.OtherAsync(site, "shop.example.test", first, root, await site.Authorities[0].RootAsync());
        await WaitForAsync(site, "Issued");
        Assert.Equal(0, (await IssuanceAsync(site)).GetProperty("failures").GetInt32());
    }

    [Fact]
    public async Task Authority_AwayWhenARenewalIsDue_MakesPlaceForTheNextOne()
    {
        await using var site = await AcmeSite.StartAsync(authorities: 2);
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", "shop.example.test");
        await site.WaitForCertificateAsync("shop", "shop.example.test");
        await WaitForAsync(site, "Issued");
        Assert.Equal("ca1", (await IssuanceAsync(site)).GetProperty("issuer").GetString());
        var (root, next) = (await site.Authorities[0].RootAsync(), await site.Authorities[1].RootAsync());
        using var first = await TrustedClient.ServedAsync(site, "shop.example.test", root);

        await site.Authorities[0].StopAsync();
        await RenewAsync(site);
        using var second = await TrustedClient.OtherAsync(site, "shop.example.test", first, root, next);
        using var trusted = await TrustedClient.ServedAsync(site, "shop.example.test", next);
        await WaitForAsync(site, "Issued");
        Assert.Equal("ca2", (await IssuanceAsync(site)).GetProperty("issuer").GetString());

        // The next renewal begins with the first one again.
        await site.Authorities[0].RestartAsync();
        await RenewAsync(site);
        using var third = await TrustedClient.OtherAsync(site, "shop.example.test", second, next, await site.Authorities[0].RootAsync());
        await WaitForAsync(site, "Issued");
        Assert.Equal("ca1", (await IssuanceAsync(site)).GetProperty("issuer").GetString());
    }

    private static async Task RenewAsync(AcmeSite site)
    {
        var answer = await site.Gatehouse.Api.PostAsync("tenants/shop/hostnames/shop.example.test/renew", "{}");
        Assert.True((int)answer.Status is >= 200 and < 300, answer.ToString());
    }

    private static async Task<JsonElement> IssuanceAsync(AcmeSite site) =>
        (await site.Gatehouse.Api.GetAsync("tenants/shop/hostnames/shop.example.test")).Document.GetProperty("status").GetProperty("issuance");

    private static async Task WaitForAsync(AcmeSite site, string state)
    {
        for (var i = 0; (await IssuanceAsync(site)).GetProperty("state").GetString() != state; i++)
        {
            Assert.True(i < 400, (await IssuanceAsync(site)).ToString());
            await Task.Delay(50);
        }
    }
}
