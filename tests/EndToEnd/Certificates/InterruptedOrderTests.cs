using System.Text.Json;
using Gatehouse.Dns;
using Gatehouse.EndToEnd.Instances;
using Npgsql;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>A kill -9 of the control process while orders are at each of their steps.</summary>
public sealed class InterruptedOrderTests
{
    private const string Uploaded = """{"certificate":{"source":"Uploaded"}}""";

    // Each name, and what keeps its order at which step.
    private static readonly (string Tenant, string Name, string Step, Held When, string Kind)[] Orders =
    [
        ("a", "new.example.test", "Order", Held.Before, AuthorityRelay.Order),
        ("a", "made.example.test", "Order", Held.After, AuthorityRelay.Order),
        ("a", "asked.example.test", "Challenge", Held.Before, AuthorityRelay.Challenge),
        ("b", "met.example.test", "Challenge", Held.After, AuthorityRelay.Challenge),
        ("b", "*.wild.example.test", "Challenge", Held.After, AuthorityRelay.Challenge),
        ("b", "final.example.test", "Finalize", Held.Before, AuthorityRelay.Finalize),
        ("c", "issued.example.test", "Finalize", Held.After, AuthorityRelay.Finalize),
        ("c", "download.example.test", "Download", Held.Before, AuthorityRelay.Certificate),
    ];

    [Fact]
    public async Task Control_KilledAtEachStepOfOrders_GoesOnWithTheSameOrdersAndLeavesNothingBehind()
    {
        await using var site = await AcmeSite.StartAsync(authorities: 2, relayed: true);
        foreach (var tenant in new[] { "a", "b", "c", "d" })
            await site.AddTenantAsync(tenant);
        foreach (var (tenant, name, step, when, kind) in Orders)
        {
            site.Relays[0].HoldAt(when, kind, name);
            await site.ClaimAsync(tenant, name, await SpecOfAsync(site, tenant, name));
            await site.Relays[0].WaitUntilHeldAsync(kind, name);
            Assert.Equal(step, await StepAsync(site, tenant, name));
        }
        await using (await StoreAsync(site))
        {
            await LookAsync(site);
            await AccountAsync(site);
            await site.Gatehouse.KillControlAsync();
        }
        site.Relays.ForEach(static relay => relay.Drop());
        site.Resolver!.Silent = null;
        await site.Gatehouse.StartAsync();

        (string Tenant, string Name)[] all = [.. Orders.Select(order => (order.Tenant, order.Name)), ("c", "store.example.test"), ("d", "look.example.test"), ("d", "account.example.test")];
        foreach (var (tenant, name) in all)
            await site.WaitForCertificateAsync(tenant, name, seconds: 90);
        foreach (var (tenant, name) in all)
        {
            var ca = name.StartsWith("account", StringComparison.Ordinal) ? 1 : 0;
            using var leaf = await TrustedClient.ServedAsync(site, name.Replace("*", "any", StringComparison.Ordinal), await site.Authorities[ca].RootAsync());
            // Of the one whose answer was lost nobody can know.
            Assert.True(site.Relays[ca].Count(AuthorityRelay.Order, name) <= (name.StartsWith("made", StringComparison.Ordinal) ? 2 : 1), $"{name} of {tenant} has {site.Relays[ca].Count(AuthorityRelay.Order, name)} orders.");
        }
        await NoneAsync(site, "SELECT count(*) FROM certificate_issuances WHERE ciphertext IS NOT NULL OR order_url IS NOT NULL");
        Assert.Equal(0, await InstanceDatabase.CountAsync(site.Gatehouse, "SELECT count(*) FROM acme_challenges"));
        var target = Delegation(await site.Gatehouse.Api.GetAsync("tenants/b/hostnames/*.wild.example.test")).GetProperty("value").GetString()!;
        var dns = new DnsClient(new DnsClientOptions());
        Assert.Empty((await dns.QueryAsync(new DnsServer(site.Dns.EndPoint.Address, site.Dns.Port), target, DnsRecordType.TXT, CancellationToken.None)).Texts);
    }

    // The database lets nobody store a private key: what was downloaded is kept at its last step.
    private static async Task<NpgsqlConnection> StoreAsync(AcmeSite site)
    {
        var connection = await InstanceDatabase.OpenAsync(site.Gatehouse);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE private_keys IN SHARE MODE", connection);
        await command.ExecuteNonQueryAsync();
        await site.ClaimAsync("c", "store.example.test");
        await UntilAsync(site, "c", "store.example.test", "Store");
        return connection;
    }

    // DNS does not answer the look before the order.
    private static async Task LookAsync(AcmeSite site)
    {
        await site.ClaimAsync("d", "look.example.test", Uploaded);
        site.Resolver!.Silent = "look";
        await site.Gatehouse.Api.PutAsync("tenants/d/hostnames/look.example.test", """{"spec":{}}""");
        await UntilAsync(site, "d", "look.example.test", "Preflight");
    }

    private static async Task AccountAsync(AcmeSite site)
    {
        site.Relays[1].HoldAt(Held.After, AuthorityRelay.Account);
        await site.ClaimAsync("d", "account.example.test", """{"certificate":{"issuer":"ca2"}}""");
        await site.Relays[1].WaitUntilHeldAsync(AuthorityRelay.Account);
        Assert.Equal("Account", await StepAsync(site, "d", "account.example.test"));
        Assert.Equal("Preflight", await StepAsync(site, "d", "look.example.test"));
    }

    private static async Task NoneAsync(AcmeSite site, string query)
    {
        for (var i = 0; await InstanceDatabase.CountAsync(site.Gatehouse, query) > 0; i++)
        {
            Assert.True(i < 100, query);
            await Task.Delay(50);
        }
    }

    private static async Task<string> SpecOfAsync(AcmeSite site, string tenant, string name)
    {
        if (!name.StartsWith('*'))
            return "{}";
        var delegation = Delegation(await site.Gatehouse.Api.PutAsync($"tenants/{tenant}/hostnames/{name}", Objects.Empty));
        await site.ChangeDnsAsync($"add {delegation.GetProperty("name").GetString()}. 60 CNAME {delegation.GetProperty("value").GetString()}.");
        return "{}";
    }

    private static JsonElement Delegation(RestAnswer hostname) =>
        hostname.Document.GetProperty("status").GetProperty("dns").GetProperty("required").EnumerateArray().First(record => record.GetProperty("purpose").GetString() == "Certificate");

    private static async Task<string?> StepAsync(AcmeSite site, string tenant, string name) =>
        (await site.Gatehouse.Api.GetAsync($"tenants/{tenant}/hostnames/{name}")).Document.GetProperty("status").GetProperty("issuance") is var issuance
            && issuance.TryGetProperty("step", out var step) ? step.GetString() : null;

    private static async Task UntilAsync(AcmeSite site, string tenant, string name, string step)
    {
        for (var i = 0; await StepAsync(site, tenant, name) != step; i++)
        {
            Assert.True(i < 400, $"{name} does not come to {step}: {(await site.Gatehouse.Api.GetAsync($"tenants/{tenant}/hostnames/{name}")).Text}");
            await Task.Delay(20);
        }
    }
}
