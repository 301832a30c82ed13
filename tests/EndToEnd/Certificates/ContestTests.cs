using System.Globalization;
using System.Net;
using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Many tenants that all have a valid proof of one name at the same moment.</summary>
public sealed class ContestTests
{
    private const string Host = "prize.example.test";
    private const int Tenants = 100;

    [Fact]
    public async Task Name_ProvenByAHundredTenantsAtOnce_IsOneTenantsAlone()
    {
        await using var site = await AcmeSite.StartAsync(authorities: 0);
        var values = new string[Tenants];
        await Parallel.ForAsync(0, Tenants, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var tenant = Tenant(i);
            await site.Gatehouse.Api.PutAsync($"tenants/{tenant}", "{}");
            await site.Gatehouse.Api.PutAsync($"tenants/{tenant}/backends/v1", Objects.Backend(site.Backend.Port));
            await site.Gatehouse.Api.PutAsync($"tenants/{tenant}/httproutes/web", $$$"""
                {"spec":{"rules":[{"filters":[{"type":"ResponseHeaderModifier","responseHeaderModifier":{"set":[{"name":"x-tenant","value":"{{{tenant}}}"}]}}],"backendRefs":[{"name":"v1"}]}]}}
                """);
            var claimed = await site.Gatehouse.Api.PutAsync($"tenants/{tenant}/hostnames/{Host}", Objects.Empty);
            values[i] = claimed.Document.GetProperty("status").GetProperty("dns").GetProperty("recordValue").GetString()!;
        });
        Assert.Equal(Tenants, values.Distinct().Count());
        // All of them at once: one more claim's look in the background must not see the first few alone.
        await site.ChangeDnsAsync([.. values.Select(value => $"add _gatehouse-challenge.{Host}. 60 TXT \"{value}\""), $"add {Host}. 60 A 127.0.0.1"]);
        var states = await Task.WhenAll(Enumerable.Range(0, Tenants).Select(async i =>
        {
            var answer = await site.Gatehouse.Api.PostAsync($"tenants/{Tenant(i)}/hostnames/{Host}/verify", "{}");
            return answer.Status == HttpStatusCode.OK ? answer.Document.GetProperty("state").GetString() : ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        }));
        var winner = Tenant(Array.IndexOf(states, "Verified"));
        Assert.Single(states, "Verified");
        Assert.All(states, static state => Assert.Contains(state, (string[])["Verified", "Lost", "409"]));
        Assert.Equal(1, await InstanceDatabase.CountAsync(site.Gatehouse, $"SELECT count(*) FROM hostname_claims WHERE hostname = '{Host}' AND state = 'Verified'"));
        Assert.Equal(0, await InstanceDatabase.CountAsync(site.Gatehouse, $"SELECT count(*) FROM hostname_claims WHERE hostname = '{Host}' AND state = 'Pending'"));

        var late = Tenant(Array.FindIndex(states, static state => state != "Verified"));
        Assert.Equal(HttpStatusCode.Conflict, (await site.Gatehouse.Api.SendAsync(HttpMethod.Put, $"tenants/{late}/hostnames/{Host}", """{"spec":{"httpsRedirect":false}}""")).Status);
        var seen = new HashSet<string>();
        using var http = new HttpClient();
        var begun = TimeProvider.System.GetTimestamp();
        while (seen.Count == 0 || TimeProvider.System.GetElapsedTime(begun).TotalSeconds < 3)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun).TotalSeconds < 15, "Nobody is served.");
            using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{site.Gatehouse.TrafficPort}/"));
            request.Headers.Host = Host;
            using var answer = await http.SendAsync(request);
            if (answer.Headers.TryGetValues("x-tenant", out var tenants))
                seen.UnionWith(tenants);
            await Task.Delay(20);
        }
        Assert.Equal([winner], seen);
    }

    private static string Tenant(int i) => string.Create(CultureInfo.InvariantCulture, $"t{i}");
}
