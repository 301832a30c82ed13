using System.Text.Json;
using Gatehouse.EndToEnd.Instances;
using Npgsql;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Certificates where two API processes work on one database.</summary>
public sealed class TwoProcessTests
{
    private const int Stop = 19;
    private const int Continue = 18;

    [Fact]
    public async Task Processes_TwoOnOneDatabase_OrderOncePerNameAndTakeOverFromOneThatSleeps()
    {
        await using var site = await PairSite.StartAsync();
        var names = Enumerable.Range(0, 20).Select(i => $"n{i}.{AcmeSite.Zone}").ToList();
        for (var i = 0; i < names.Count; i++)
            await ClaimAsync(site, site.Apis[i % 2].Api, names[i]);
        foreach (var name in names)
        {
            var issuance = await IssuedAsync(site.Apis[0].Api, name, seconds: 60);
            Assert.Equal(0, issuance.GetProperty("failures").GetInt32());
            Assert.Equal(1, site.Authority.Count(AuthorityRelay.Order, name));
            Assert.Equal(1, site.Authority.Count(AuthorityRelay.Finalize, name));
        }

        // Only the first one is awake when the order begins; it falls asleep while the authority's answer is on its way.
        const string sleeping = $"sleeping.{AcmeSite.Zone}";
        site.Apis[1].Process.Signal(Stop);
        site.Authority.HoldAt(Held.After, AuthorityRelay.Challenge, sleeping);
        await ClaimAsync(site, site.Apis[0].Api, sleeping);
        await site.Authority.WaitUntilHeldAsync(AuthorityRelay.Challenge, sleeping);
        // What the authority asked for it has got by now; the rest needs no data plane.
        await Task.Delay(TimeSpan.FromSeconds(2));
        site.Apis[0].Process.Signal(Stop);
        site.Authority.HoldAt(Held.Before, AuthorityRelay.Finalize, sleeping);
        site.Apis[1].Process.Signal(Continue);
        await site.Authority.WaitUntilHeldAsync(AuthorityRelay.Finalize, sleeping, seconds: 60);
        var before = await WrittenAsync(site, sleeping);

        // The first one wakes while the second one is at work.
        site.Authority.Let(AuthorityRelay.Challenge, sleeping);
        site.Apis[0].Process.Signal(Continue);
        for (var i = 0; !site.Apis[0].Process.Output.Contains("Another process took over", StringComparison.Ordinal); i++)
        {
            Assert.True(i < 300, $"It works on: {await WrittenAsync(site, sleeping)} {site.Apis[0].Process.Output}");
            await Task.Delay(100);
        }
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(before, await WrittenAsync(site, sleeping));
        site.Authority.Let(AuthorityRelay.Finalize, sleeping);
        await IssuedAsync(site.Apis[1].Api, sleeping, seconds: 30);
        Assert.Equal(1, site.Authority.Count(AuthorityRelay.Order, sleeping));
        Assert.Equal(1, site.Authority.Count(AuthorityRelay.Finalize, sleeping));
    }

    private static async Task ClaimAsync(PairSite site, RestClient api, string hostname)
    {
        var claimed = await api.PutAsync($"tenants/shop/hostnames/{hostname}", Objects.Empty);
        var dns = claimed.Document.GetProperty("status").GetProperty("dns");
        await AcmeSite.ChangeDnsAsync(site.Dns, $"add {dns.GetProperty("recordName").GetString()}. 60 TXT \"{dns.GetProperty("recordValue").GetString()}\"", $"add {hostname}. 60 A 127.0.0.1");
        var verified = await api.PostAsync($"tenants/shop/hostnames/{hostname}/verify", "{}");
        Assert.Equal("Verified", verified.Document.GetProperty("state").GetString());
    }

    private static async Task<JsonElement> IssuedAsync(RestClient api, string hostname, int seconds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var issuance = (await api.GetAsync($"tenants/shop/hostnames/{hostname}")).Document.GetProperty("status").GetProperty("issuance");
            if (issuance.GetProperty("state").GetString() == "Issued")
                return issuance;
            Assert.True(TimeProvider.System.GetElapsedTime(begun).TotalSeconds < seconds, $"{hostname}: {issuance}");
            await Task.Delay(100);
        }
    }

    // All that is noted of the name, but for how long it is in hand, and all that was ever written for tenants.
    private static async Task<string> WrittenAsync(PairSite site, string hostname)
    {
        await using var connection = new NpgsqlConnection(site.Postgres.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%s %s %s', to_jsonb(issuance) - 'leased_until', (SELECT count(*) FROM acme_challenges), (SELECT number FROM revision_head))
            FROM certificate_issuances AS issuance WHERE hostname = @hostname
            """,
            connection);
        command.Parameters.AddWithValue("hostname", hostname);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
