using System.Net;
using System.Text.Json;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>A verified name whose proof goes and that leads elsewhere.</summary>
public sealed class SuspensionTests
{
    private const string Host = "shop.example.test";

    [Fact]
    public async Task Hostname_WithoutProofAndLeadingElsewhere_IsServedDuringTheGraceAndComesBackWithTheRecord()
    {
        var grace = TimeSpan.FromSeconds(6);
        await using var site = await AcmeSite.StartAsync(authorities: 0, further: new { recheck = "1s", grace = "6s" });
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", Host);
        await ServedAsync(site, HttpStatusCode.OK);
        var (name, value) = await RecordAsync(site);

        // Without the record alone nothing happens: who serves the name here still controls it.
        await site.ChangeDnsAsync($"del {name}. TXT");
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Null(await SuspendedAfterAsync(site));

        await site.ChangeDnsAsync($"del {Host}. A", $"add {Host}. 60 A 192.0.2.1");
        var gone = TimeProvider.System.GetUtcNow();
        DateTimeOffset? until;
        while ((until = await SuspendedAfterAsync(site)) is null)
        {
            Assert.True(TimeProvider.System.GetUtcNow() - gone < TimeSpan.FromSeconds(8), "Nobody is told.");
            await Task.Delay(50);
        }
        Assert.InRange(until.Value - gone, grace - TimeSpan.FromSeconds(1), grace + TimeSpan.FromSeconds(5));
        while (TimeProvider.System.GetUtcNow() < until - TimeSpan.FromMilliseconds(300))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(site));
            Assert.Equal("True", await VerifiedAsync(site));
            await Task.Delay(100);
        }
        await ServedAsync(site, HttpStatusCode.NotFound);
        Assert.NotEqual("True", await VerifiedAsync(site));
        Assert.InRange(TimeProvider.System.GetUtcNow() - until.Value, TimeSpan.FromSeconds(-0.5), TimeSpan.FromSeconds(5));

        // Nobody asks for it: the background finds the record.
        await site.ChangeDnsAsync($"add {name}. 60 TXT \"{value}\"", $"del {Host}. A", $"add {Host}. 60 A 127.0.0.1");
        await ServedAsync(site, HttpStatusCode.OK, seconds: 30);
        Assert.Equal("True", await VerifiedAsync(site));
        Assert.Null(await SuspendedAfterAsync(site));
    }

    private static async Task<JsonElement> StatusOfAsync(AcmeSite site) =>
        (await site.Gatehouse.Api.GetAsync($"tenants/shop/hostnames/{Host}")).Document.GetProperty("status");

    private static async Task<string?> VerifiedAsync(AcmeSite site) => (await site.Gatehouse.Api.GetAsync($"tenants/shop/hostnames/{Host}")).Condition("Verified")?.Status;

    private static async Task<(string, string)> RecordAsync(AcmeSite site)
    {
        var dns = (await StatusOfAsync(site)).GetProperty("dns");
        return (dns.GetProperty("recordName").GetString()!, dns.GetProperty("recordValue").GetString()!);
    }

    private static async Task<DateTimeOffset?> SuspendedAfterAsync(AcmeSite site) =>
        (await StatusOfAsync(site)).GetProperty("dns").TryGetProperty("suspendedAfter", out var after) && after.ValueKind == JsonValueKind.String ? after.GetDateTimeOffset() : null;

    private static async Task<HttpStatusCode> StatusAsync(AcmeSite site) => (await site.Gatehouse.Traffic.GetAsync(Host)).Status;

    private static async Task ServedAsync(AcmeSite site, HttpStatusCode status, int seconds = 10)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (await StatusAsync(site) is var last && last != status)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun).TotalSeconds < seconds, $"{last} instead of {status}: {await StatusOfAsync(site)}");
            await Task.Delay(50);
        }
    }
}
