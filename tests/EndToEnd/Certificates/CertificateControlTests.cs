using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>What operators and tenants hold in hand of managed certificates: other account keys, revocation, and a budget of orders.</summary>
public sealed class CertificateControlTests
{
    [Fact]
    public async Task Account_WithAnotherKey_OrdersOn_AndACertificateIsRevokedAndReplaced()
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("shop");
        Assert.False(Authority(await site.Gatehouse.Api.GetAsync("certificateauthorities")).TryGetProperty("account", out _));
        await site.ClaimAsync("shop", "one.example.test");
        await site.WaitForCertificateAsync("shop", "one.example.test");
        var before = Authority(await site.Gatehouse.Api.GetAsync("certificateauthorities"));

        var rolled = await site.Gatehouse.Api.PostAsync("certificateauthorities/ca1/rollover", "{}");
        Assert.Equal(HttpStatusCode.OK, rolled.Status);
        Assert.NotEqual(before.GetProperty("keyThumbprint").GetString(), rolled.Document.GetProperty("keyThumbprint").GetString());
        Assert.Equal(before.GetProperty("account").GetString(), rolled.Document.GetProperty("account").GetString());
        Assert.Contains("rollover", (await site.Gatehouse.Api.GetAsync("tenants/platform/audit?kind=CertificateAuthority&name=ca1")).Text, StringComparison.Ordinal);
        await site.ClaimAsync("shop", "two.example.test");
        await site.WaitForCertificateAsync("shop", "two.example.test");

        // Revoked by the account's new key, replaced by one with another key, and served all the time.
        var root = await site.Authorities[0].RootAsync();
        using var first = await ServedAsync(site, "two.example.test", root);
        var revoked = await site.Gatehouse.Api.PostAsync("tenants/shop/hostnames/two.example.test/revoke", """{"reason":"KeyCompromise"}""");
        Assert.Equal(HttpStatusCode.Accepted, revoked.Status);
        using var second = await OtherAsync(site, "two.example.test", root, first);
        Assert.NotEqual(first.GetPublicKeyString(), second.GetPublicKeyString());
        await UntilAsync(async () => await site.Authorities[0].StatusAsync(first) == (true, 1), "the first one is revoked");
        Assert.False((await site.Authorities[0].StatusAsync(second)).IsRevoked);
        await UntilAsync(async () => (await site.Gatehouse.Api.GetAsync("tenants/shop/audit?kind=Hostname&name=two.example.test&action=revoked")).Text.Contains("\"revoked\"", StringComparison.Ordinal), "it is on record");
        Assert.DoesNotContain("RevocationPending", (await site.Gatehouse.Api.GetAsync("tenants/shop/hostnames/two.example.test")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revocation_WhileTheAuthorityIsAway_IsToldAndTheCertificateIsServedOn()
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", "shop.example.test");
        await site.WaitForCertificateAsync("shop", "shop.example.test");
        var root = await site.Authorities[0].RootAsync();
        using var first = await ServedAsync(site, "shop.example.test", root);
        await site.Authorities[0].StopAsync();

        Assert.Equal(HttpStatusCode.Accepted, (await site.Gatehouse.Api.PostAsync("tenants/shop/hostnames/shop.example.test/revoke", """{"reason":"Superseded"}""")).Status);

        await UntilAsync(async () => (await ProblemsAsync(site, "shop", "shop.example.test")).Any(problem => problem.Code == "RevocationPending" && problem.WhoMustAct == "CertificateAuthority"), "it is told");
        using var still = await ServedAsync(site, "shop.example.test", root);
        Assert.Equal(first.SerialNumber, still.SerialNumber);
    }

    [Fact]
    public async Task Budget_UsedUpByOneTenant_SaysSoThereAndHoldsUpNobodyElse()
    {
        await using var site = await AcmeSite.StartAsync(further: new { budget = new { ordersPerTenantPerHour = 2, ordersPerHour = 50 } });
        await site.AddTenantAsync("many");
        await site.AddTenantAsync("shop");
        for (var i = 0; i < 4; i++)
            await site.ClaimAsync("many", $"n{i}.example.test");
        await site.ClaimAsync("shop", "shop.example.test");
        await site.WaitForCertificateAsync("shop", "shop.example.test");

        await UntilAsync(async () => await WaitingAsync(site) == 2, "two of four wait");
        var problem = (await Task.WhenAll(Enumerable.Range(0, 4).Select(i => ProblemsAsync(site, "many", $"n{i}.example.test")))).SelectMany(found => found).First(found => found.Code == "OrderBudget");
        Assert.Equal("Nobody", problem.WhoMustAct);
        Assert.StartsWith("This tenant's share of the orders", problem.Message, StringComparison.Ordinal);
        Assert.Contains("it goes on by itself at ", problem.NextStep, StringComparison.Ordinal);
    }

    private static async Task<int> WaitingAsync(AcmeSite site)
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => ProblemsAsync(site, "many", $"n{i}.example.test")));
        return found.Count(problems => problems.Any(problem => problem.Code == "OrderBudget"));
    }

    private static async Task<List<Contracts.Api.HostnameProblem>> ProblemsAsync(AcmeSite site, string tenant, string hostname)
    {
        var issuance = (await site.Gatehouse.Api.GetAsync($"tenants/{tenant}/hostnames/{hostname}")).Document.GetProperty("status").GetProperty("issuance");
        return issuance.TryGetProperty("problems", out var problems) ? problems.Deserialize<List<Contracts.Api.HostnameProblem>>(JsonSerializerOptions.Web)! : [];
    }

    private static JsonElement Authority(RestAnswer answer) => answer.Document.GetProperty("items")[0];

    private static async Task<X509Certificate2> ServedAsync(AcmeSite site, string hostname, X509Certificate2 root)
    {
        X509Certificate2? leaf = null;
        await UntilAsync(async () =>
        {
            try
            {
                (leaf, _) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, root);
                return true;
            }
            catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException or System.Net.Sockets.SocketException)
            {
                return false;
            }
        }, "it is served");
        return leaf!;
    }

    private static async Task<X509Certificate2> OtherAsync(AcmeSite site, string hostname, X509Certificate2 root, X509Certificate2 before)
    {
        X509Certificate2? leaf = null;
        await UntilAsync(async () =>
        {
            // Whoever comes meanwhile is served: a failure here ends the test.
            (leaf, var answer) = await TlsClient.GetTrustedAsync(site.TlsPort, hostname, root);
            Assert.Contains("200 OK", answer, StringComparison.Ordinal);
            return leaf.SerialNumber != before.SerialNumber;
        }, "another one is served");
        return leaf!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var i = 0; i < 400; i++)
        {
            if (await holds())
                return;
            await Task.Delay(100);
        }
        Assert.Fail($"Not in time: {what}.");
    }
}
