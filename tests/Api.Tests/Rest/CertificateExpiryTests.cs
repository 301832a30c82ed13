using System.Diagnostics.Metrics;
using System.Text.Json;
using Gatehouse.Testing.Certificates;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>What is told of certificates whose end is near.</summary>
public sealed class CertificateExpiryTests(CertificateExpiryTests.Fixture api) : IClassFixture<CertificateExpiryTests.Fixture>
{
    [Fact]
    public async Task Certificate_NearItsEnd_SaysSoAndLeavesOneEventForEachThreshold()
    {
        var pair = TestKeyPair.Ec((-1, 20), "late.example.com");
        (await api.As("shop", "admin").PutAsync("/api/v1/tenants/shop/certificates/late", Body(pair))).Expect(201);
        (await api.As("shop", "admin").PutAsync("/api/v1/tenants/shop/certificates/fresh", Body(TestKeyPair.Ec((-1, 90), "fresh.example.com")))).Expect(201);

        var shown = (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/certificates/late?waitFor=Issued&timeout=10s")).Expect(200);
        var condition = ConditionOf(shown, "ExpiresSoon")!.Value;
        Assert.Equal(("True", "Uploaded"), (condition.GetProperty("status").GetString(), condition.GetProperty("reason").GetString()));
        Assert.StartsWith("It expires in 19 days, at ", condition.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("Upload a newer one under the same name.", condition.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Null(ConditionOf((await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/certificates/fresh?waitFor=Issued&timeout=10s")).Expect(200), "ExpiresSoon"));

        // Two processes at once, and a third one later.
        await using (await api.StartAsync(TimeSpan.Zero))
        await using (await api.StartAsync(TimeSpan.Zero))
        {
            await api.UntilEventsAsync("30d");
            Assert.Equal(1, Expiring("30d"));
        }
        await using (await api.StartAsync(TimeSpan.Zero))
            await api.UntilEventsAsync("30d");

        await using (await api.StartAsync(TimeSpan.FromDays(10)))
            await api.UntilEventsAsync("30d", "14d");
        await using (await api.StartAsync(TimeSpan.FromDays(21)))
        {
            await api.UntilEventsAsync("30d", "14d", "expired");
            Assert.True(Expiring("expired") > 0);
        }
    }

    [Fact]
    public async Task Hostname_WhoseCertificateIsNearItsEnd_SaysSoUntilALongerOneIsThere()
    {
        const string Hostname = "/api/v1/tenants/payments/hostnames/pay.example.com?waitFor=CertificateReady&timeout=10s";
        (await api.As("payments", "admin").PutAsync("/api/v1/tenants/payments/certificates/short", Body(TestKeyPair.Ec((-1, 5), "pay.example.com")))).Expect(201);
        (await api.As("payments", "admin").PutAsync("/api/v1/tenants/payments/hostnames/pay.example.com", """{"spec":{}}""")).Expect(201);
        var condition = ConditionOf((await api.As("payments", "viewer").GetAsync(Hostname)).Expect(200), "ExpiresSoon")!.Value;
        Assert.StartsWith("Certificate `short` expires in 4 days", condition.GetProperty("message").GetString(), StringComparison.Ordinal);

        (await api.As("payments", "admin").PutAsync("/api/v1/tenants/payments/certificates/longer", Body(TestKeyPair.Ec((-1, 80), "pay.example.com")))).Expect(201);
        (await api.As("payments", "viewer").GetAsync("/api/v1/tenants/payments/certificates/longer?waitFor=Accepted&timeout=10s")).Expect(200);
        Assert.Null(ConditionOf((await api.As("payments", "viewer").GetAsync(Hostname)).Expect(200), "ExpiresSoon"));
    }

    private static string Body(TestKeyPair pair) => JsonSerializer.Serialize(new { spec = new { certificate = pair.Certificate, privateKey = pair.PrivateKey } });

    private static JsonElement? ConditionOf(ApiAnswer answer, string type)
    {
        var found = answer.Json.GetProperty("status").GetProperty("conditions").EnumerateArray().Where(condition => condition.GetProperty("type").GetString() == type).ToList();
        return found.Count == 0 ? null : found[0];
    }

    // The most that any of the processes has counted.
    private static long Expiring(string within)
    {
        var most = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "gatehouse.certificates.expiring")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (name == "within" && within.Equals(value))
                    most = Math.Max(most, count);
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return most;
    }

    /// <summary>An API beside which others can run on the same database, at other times.</summary>
    public sealed class Fixture : ApiFixture
    {
        private ApiHostOptions _options = null!;

        protected override ApiHostOptions Configure(ApiHostOptions options) => _options = options;

        internal async Task<WebApplication> StartAsync(TimeSpan ahead)
        {
            var app = ApiHost.Build(_options with { Clock = new AheadClock(ahead) });
            await app.StartAsync();
            return app;
        }

        internal async Task UntilEventsAsync(params string[] thresholds)
        {
            for (var attempt = 0; ; attempt++)
            {
                var found = await EventsAsync();
                if (found.Count >= thresholds.Length)
                {
                    // Whoever would write it a second time has had the time to.
                    if (attempt < 25)
                    {
                        await Task.Delay(100);
                        continue;
                    }
                    Assert.Equal(thresholds.Order(StringComparer.Ordinal), found);
                    return;
                }
                Assert.True(attempt < 100, string.Join(", ", found));
                await Task.Delay(100);
            }
        }

        private async Task<List<string>> EventsAsync()
        {
            await using var source = NpgsqlDataSource.Create(Database.Superuser);
            await using var command = source.CreateCommand("SELECT \"after\" ->> 'threshold' FROM audit_events WHERE verb = 'expires-soon' AND object_name = 'late' AND actor_kind = 'system'");
            await using var reader = await command.ExecuteReaderAsync();
            var found = new List<string>();
            while (await reader.ReadAsync())
                found.Add(reader.GetString(0));
            found.Sort(StringComparer.Ordinal);
            return found;
        }
    }

    private sealed class AheadClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
