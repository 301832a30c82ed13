using System.Globalization;
using System.Net;
using System.Text.Json;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Tenants that want what is another tenant's, with a real DNS server and real traffic.</summary>
public sealed class HostileNameTests
{
    [Fact]
    public async Task Proof_OfAnotherTenantOrAnOldClaim_ProvesNothing()
    {
        await using var site = await AcmeSite.StartAsync(authorities: 0);
        await site.AddTenantAsync("shop");
        await site.AddTenantAsync("thief");
        var theirs = await RecordAsync(site, "shop", "a.example.test");
        var own = await RecordAsync(site, "thief", "a.example.test");
        Assert.Equal(theirs.Name, own.Name);
        Assert.NotEqual(theirs.Value, own.Value);

        // The owner's record is there for all to see.
        await site.ChangeDnsAsync($"add {theirs.Name}. 60 TXT \"{theirs.Value}\"", "add a.example.test. 60 A 127.0.0.1");
        var refused = await site.Gatehouse.Api.PostAsync("tenants/thief/hostnames/a.example.test/verify", "{}");
        Assert.Equal("Pending", refused.Document.GetProperty("state").GetString());
        Assert.Contains(Problems(refused.Document), code => code is "TxtOldClaim" or "TxtWrongValue");
        Assert.DoesNotContain("shop", refused.Text, StringComparison.Ordinal);
        var proven = await site.Gatehouse.Api.PostAsync("tenants/shop/hostnames/a.example.test/verify", "{}");
        Assert.Equal("Verified", proven.Document.GetProperty("state").GetString());

        // Released and claimed again, the same record is an old one.
        await site.Gatehouse.Api.DeleteAsync("tenants/shop/hostnames/a.example.test");
        var again = await RecordAsync(site, "shop", "a.example.test");
        Assert.NotEqual(theirs.Value, again.Value);
        var old = await site.Gatehouse.Api.PostAsync("tenants/shop/hostnames/a.example.test/verify", "{}");
        Assert.Equal("Pending", old.Document.GetProperty("state").GetString());
        Assert.Contains("TxtOldClaim", Problems(old.Document));
    }

    [Fact]
    public async Task Name_BelowAnothersWildcard_NeedsItsOwnProofAndIsNobodysOnceReleased()
    {
        await using var site = await AcmeSite.StartAsync(authorities: 0);
        await site.AddTenantAsync("wide");
        await site.AddTenantAsync("narrow");
        await site.ClaimAsync("wide", "*.example.test");
        await site.Gatehouse.Api.PutAsync("tenants/narrow/hostnames/a.example.test", """{"spec":{}}""");
        await ServedToAsync(site, "a.example.test", HttpStatusCode.OK, "wide");

        await site.ClaimAsync("narrow", "a.example.test");
        await ServedToAsync(site, "a.example.test", HttpStatusCode.OK, "narrow");

        await site.Gatehouse.Api.DeleteAsync("tenants/narrow/hostnames/a.example.test");
        await ServedToAsync(site, "a.example.test", HttpStatusCode.NotFound, null);
        await ServedToAsync(site, "b.example.test", HttpStatusCode.OK, "wide");

        // The very name proven anew is served again; a wildcard's proof alone does not do.
        await site.ChangeDnsAsync("del _gatehouse-challenge.a.example.test. TXT");
        await site.ClaimAsync("wide", "a.example.test");
        await ServedToAsync(site, "a.example.test", HttpStatusCode.OK, "wide");
    }

    [Fact]
    public async Task Domain_ProvenOnce_CoversItsNamesForThatTenantAlone()
    {
        await using var site = await AcmeSite.StartAsync(authorities: 0);
        await site.AddTenantAsync("shop");
        await site.AddTenantAsync("thief");
        var claimed = await site.Gatehouse.Api.PutAsync("tenants/shop/hostnames/a.example.test", """{"spec":{}}""");
        var domain = claimed.Document.GetProperty("status").GetProperty("dns").GetProperty("required").EnumerateArray()
            .Single(record => record.GetProperty("name").GetString() == "_gatehouse-domain.example.test");
        await site.ChangeDnsAsync($"add _gatehouse-domain.example.test. 60 TXT \"{domain.GetProperty("value").GetString()}\"", "add *.b.example.test. 60 A 127.0.0.1");
        foreach (var (name, tenant, state) in new[] { ("a.example.test", "shop", "Verified"), ("*.b.example.test", "shop", "Verified"), ("c.example.test", "thief", "Pending") })
        {
            await site.Gatehouse.Api.PutAsync($"tenants/{tenant}/hostnames/{name}", """{"spec":{}}""");
            Assert.Equal(state, (await site.Gatehouse.Api.PostAsync($"tenants/{tenant}/hostnames/{name}/verify", "{}")).Document.GetProperty("state").GetString());
        }
    }

    private static async Task<(string Name, string Value)> RecordAsync(AcmeSite site, string tenant, string hostname)
    {
        var claimed = await site.Gatehouse.Api.PutAsync($"tenants/{tenant}/hostnames/{hostname}", """{"spec":{}}""");
        var dns = claimed.Document.GetProperty("status").GetProperty("dns");
        return (dns.GetProperty("recordName").GetString()!, dns.GetProperty("recordValue").GetString()!);
    }

    private static List<string> Problems(JsonElement view) =>
        [.. view.GetProperty("dns").GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("code").GetString()!)];

    // The backend is one, but each tenant's route marks its answers.
    private static async Task ServedToAsync(AcmeSite site, string host, HttpStatusCode status, string? tenant)
    {
        if (tenant is not null)
        {
            await site.Gatehouse.Api.PutAsync($"tenants/{tenant}/httproutes/web", $$$"""
                {"spec":{"rules":[{"filters":[{"type":"ResponseHeaderModifier","responseHeaderModifier":{"set":[{"name":"x-tenant","value":"{{{tenant}}}"}]}}],"backendRefs":[{"name":"v1"}]}]}}
                """);
        }
        var last = "";
        for (var i = 0; i < 100; i++)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{site.Gatehouse.TrafficPort}/"));
            request.Headers.Host = host;
            using var answer = await http.SendAsync(request);
            var marked = answer.Headers.TryGetValues("x-tenant", out var values) ? values.Single() : null;
            if (answer.StatusCode == status && marked == tenant)
                return;
            last = $"{answer.StatusCode} of {marked}";
            await Task.Delay(50);
        }
        Assert.Fail($"{host} is answered {last} instead of {status} of {tenant}.");
    }
}
