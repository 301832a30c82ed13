using System.Globalization;
using System.Net;
using System.Text;
using Gatehouse.EndToEnd.Instances;
using Xunit;
using Xunit.Abstractions;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>One tenant with ten thousand names that lead nowhere, beside another one's single name.</summary>
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Names = 10_000;
    private const int Part = 2_000;

    [Fact]
    public async Task Name_BesideTenThousandBogusOnes_IsVerifiedAndIssuedAboutAsFastAsAlone()
    {
        await using var site = await AcmeSite.StartAsync();
        await site.AddTenantAsync("noisy");
        await site.AddTenantAsync("shop");
        // With the zone proven, a name needs nothing but a look of the background, for which nobody asks.
        var claimed = await site.Gatehouse.Api.PutAsync("tenants/shop/hostnames/zone.example.test", Objects.Empty);
        var zone = claimed.Document.GetProperty("status").GetProperty("dns").GetProperty("required").EnumerateArray().Single(record => record.GetProperty("name").GetString() == "_gatehouse-domain.example.test");
        await site.ChangeDnsAsync($"add _gatehouse-domain.example.test. 60 TXT \"{zone.GetProperty("value").GetString()}\"");
        // Accounts are made and code is compiled at the first one.
        await TimeAsync(site, "warm");
        var alone = Median([await TimeAsync(site, "alone1"), await TimeAsync(site, "alone2"), await TimeAsync(site, "alone3")]);
        await Parallel.ForAsync(0, Names / Part, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (part, _) => await ImportAsync(site, part * Part));
        Assert.True(await InstanceDatabase.CountAsync(site.Gatehouse, "SELECT count(*) FROM hostname_checks WHERE due_at <= now()") > Names / 2);
        var beside = Median([await TimeAsync(site, "beside1"), await TimeAsync(site, "beside2"), await TimeAsync(site, "beside3")]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"alone {alone.TotalSeconds:F2} s, beside {beside.TotalSeconds:F2} s, ratio {beside / alone:F1}"));
        Assert.True(beside < (alone * 5) + TimeSpan.FromSeconds(2), $"alone {alone}, beside {beside}");
    }

    private static TimeSpan Median(TimeSpan[] times) => times.Order().ElementAt(times.Length / 2);

    private static async Task<TimeSpan> TimeAsync(AcmeSite site, string name)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await site.Gatehouse.Api.PutAsync($"tenants/shop/hostnames/{name}.example.test", Objects.Empty);
        await site.WaitForCertificateAsync("shop", $"{name}.example.test");
        return TimeProvider.System.GetElapsedTime(begun);
    }

    private static async Task ImportAsync(AcmeSite site, int first)
    {
        var documents = new StringBuilder();
        for (var i = first; i < first + Part; i++)
            documents.Append(CultureInfo.InvariantCulture, $"apiVersion: gatehouse.dev/v1\nkind: Hostname\nmetadata: {{name: bogus-{i}.nowhere.test}}\nspec: {{}}\n---\n");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{site.Gatehouse.ApiPort}/api/v1/tenants/noisy/import?source=noise{first}"));
        request.Headers.Authorization = new("Bearer", StandaloneInstance.AdminToken);
        request.Content = new StringContent(documents.ToString(), Encoding.UTF8, "application/yaml");
        using var answer = await http.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }
}
