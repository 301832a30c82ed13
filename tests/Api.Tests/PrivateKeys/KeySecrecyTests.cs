using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Gatehouse.Api.Tests.Rest;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Certificates;
using Gatehouse.Testing.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.PrivateKeys;

/// <summary>Private keys went in by every way there is: their bytes are looked for everywhere they could come out.</summary>
public sealed class KeySecrecyTests : IClassFixture<KeySecrecyTests.Fixture>
{
    private const string Passphrase = "correct-horse-battery-staple";

    private static readonly TestChain Chain = TestChain.Create("pfx.example.com");

    private readonly string _file = Chain.Pkcs12(Passphrase, string.Concat(Chain.Intermediates));

    private readonly Fixture _api;

    public KeySecrecyTests(Fixture api) => _api = api;

    [Fact]
    public async Task Keys_WrittenByEveryWay_AreInNoAnswerDumpLogTraceOrHistory()
    {
        var seen = new List<(string Where, string Text)>();
        var pairs = await WriteAsync(seen);
        var owner = _api.As("shop", "owner");
        foreach (var path in new[] { "certificates", "audit", "revisions", "export", "gateways" })
            seen.Add((path, (await owner.GetAsync($"/api/v1/tenants/shop/{path}")).Text));
        var revision = (await owner.GetAsync("/api/v1/tenants/shop/revisions")).Expect(200).Json.GetProperty("items")[0].GetProperty("revision").GetInt64();
        seen.Add(("revision", (await owner.GetAsync($"/api/v1/tenants/shop/revisions/{revision}")).Text));
        seen.Add(("key-encryption keys", (await _api.Admin.GetAsync("/api/v1/keyencryptionkeys")).Expect(200).Text));
        seen.Add(("explain", (await owner.PostAsync("/api/v1/tenants/shop/explain", """{"method":"GET","url":"https://leak.example.com/"}""")).Text));
        seen.Add(("dump", await DumpAsync()));
        seen.Add(("log", _api.Log));
        seen.Add(("traces", string.Join('\n', _api.Traces)));

        Assert.All(seen, place => Assert.True(place.Text.Length > 0, place.Where));
        Assert.Contains(seen, place => place.Where == "dump" && place.Text.Contains("private_keys", StringComparison.Ordinal));
        foreach (var (where, text) in seen)
        {
            foreach (var trace in pairs.SelectMany(pair => pair.Traces.Append(pair.OldPrivateKey().Split('\n')[1])))
                Assert.False(text.Contains(trace, StringComparison.Ordinal), $"A private key shows in {where}.");
            Assert.False(text.Contains(Passphrase, StringComparison.Ordinal), $"A passphrase shows in {where}.");
            Assert.False(text.Contains(_file[..60], StringComparison.Ordinal) || text.Contains(Convert.ToHexStringLower(Convert.FromBase64String(_file)[20..50]), StringComparison.Ordinal), $"A PKCS#12 file shows in {where}.");
            Assert.False(text.Contains(Fixture.Kek, StringComparison.Ordinal) || text.Contains(Convert.ToHexStringLower(Convert.FromBase64String(Fixture.Kek)), StringComparison.Ordinal), $"The KEK shows in {where}.");
        }
    }

    private async Task<List<TestKeyPair>> WriteAsync(List<(string, string)> seen)
    {
        const string path = "/api/v1/tenants/shop/certificates";
        var admin = _api.As("shop", "admin");
        var (ec, rsa, other) = (TestKeyPair.Ec("leak.example.com"), TestKeyPair.Rsa(2048, "leak.example.com"), TestKeyPair.Ec("other.example.com"));
        async Task Send(string what, Task<ApiAnswer> answer, int status) => seen.Add((what, (await answer).Expect(status).Text));

        await Send("put", admin.PutAsync($"{path}/ec", Body(ec.Certificate, ec.PrivateKey)), 201);
        await Send("post", admin.PostAsync(path, $$"""{"name":"rsa",{{Body(rsa.Certificate, rsa.OldPrivateKey())[1..]}}""", ("Idempotency-Key", "leak")), 201);
        await Send("post again", admin.PostAsync(path, $$"""{"name":"rsa",{{Body(rsa.Certificate, rsa.OldPrivateKey())[1..]}}""", ("Idempotency-Key", "leak")), 201);
        await Send("patch", admin.PatchAsync($"{path}/ec", Body(other.Certificate, other.PrivateKey)), 200);
        await Send("dry run", admin.PutAsync($"{path}/ec?dryRun=true", Body(ec.Certificate, ec.PrivateKey)), 200);
        await Send("mismatch", admin.PutAsync($"{path}/ec", Body(ec.Certificate, other.PrivateKey)), 422);
        await Send("misplaced", admin.PutAsync($"{path}/ec", Body(ec.Certificate + ec.PrivateKey, ec.PrivateKey)), 422);
        await Send("misnamed", admin.PutAsync($"{path}/ec", Body(ec.Certificate, ec.PrivateKey).Replace("privateKey", "key", StringComparison.Ordinal)), 422);
        await Send("malformed", admin.PutAsync($"{path}/ec", Body(ec.Certificate, ec.PrivateKey)[..^1] + "x"), 400);
        await Send("forbidden", _api.As("shop", "viewer").PutAsync($"{path}/ec", Body(ec.Certificate, ec.PrivateKey)), 403);
        await Send("conflict", admin.PostAsync(path, $$"""{"name":"rsa",{{Body(ec.Certificate, ec.PrivateKey)[1..]}}"""), 409);
        var encrypted = JsonSerializer.Serialize(new { spec = new { certificate = ec.Certificate, privateKey = ec.EncryptedPrivateKey(), passphrase = Passphrase } });
        await Send("encrypted", admin.PutAsync($"{path}/encrypted", encrypted.Replace(Passphrase, "passphrase", StringComparison.Ordinal)), 201);
        await Send("another passphrase", admin.PutAsync($"{path}/encrypted", encrypted), 422);
        await Send("pkcs12", admin.PutAsync($"{path}/pkcs12", Pkcs12Body()), 201);
        await Send("pkcs12 again", admin.PatchAsync($"{path}/pkcs12", Pkcs12Body()), 200);
        await Send("pkcs12 beside", admin.PatchAsync($"{path}/pkcs12", Pkcs12Body().Replace("\"spec\":{", $"\"spec\":{{\"privateKey\":{JsonSerializer.Serialize(ec.PrivateKey)},", StringComparison.Ordinal)), 422);
        await Send("configmap", admin.PutAsync("/api/v1/tenants/shop/configmaps/ca", JsonSerializer.Serialize(new { spec = new { data = new Dictionary<string, string> { ["ca.crt"] = ec.Certificate + ec.PrivateKey } } })), 422);
        var secret = JsonSerializer.Serialize(new
        {
            apiVersion = "v1",
            kind = "Secret",
            metadata = new { name = "imported", @namespace = "shop" },
            type = "kubernetes.io/tls",
            data = new Dictionary<string, string>
            {
                ["tls.crt"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(ec.Certificate)),
                ["tls.key"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(ec.PrivateKey)),
            },
        });
        var imported = await admin.SendAsync("POST", "/api/v1/tenants/shop/import?source=leak", secret, "application/json");
        Assert.Contains("\"exact\"", imported.Expect(200).Text, StringComparison.Ordinal);
        seen.Add(("import", imported.Text));
        return [ec, rsa, other, Chain.Leaf];
    }

    private static string Body(string certificate, string privateKey) => JsonSerializer.Serialize(new { spec = new { certificate, privateKey } });

    private string Pkcs12Body() => JsonSerializer.Serialize(new { spec = new { pkcs12 = _file, passphrase = Passphrase } });

    /// <summary>All of the database as its superuser sees it, bytes as hexadecimal.</summary>
    private async Task<string> DumpAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(_api.Database.Superuser);
        var start = new ProcessStartInfo(
            Path.Combine(_api.Database.Server.Binaries, "pg_dump"),
            ["--inserts", "--host", connection.Host!, "--username", connection.Username!, connection.Database!]) { RedirectStandardOutput = true };
        using var dump = Process.Start(start)!;
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return text;
    }

    /// <summary>An API that logs everything, and traces of everything.</summary>
    public sealed class Fixture : ApiFixture
    {
        public const string Kek = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

        private readonly CapturedLog _log = new();
        private readonly List<IDisposable> _listeners = [];

        public Fixture()
        {
            var listener = new ActivityListener
            {
                ShouldListenTo = static _ => true,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => Traces.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(entry => entry.Tags))}"),
            };
            ActivitySource.AddActivityListener(listener);
            _listeners.Add(listener);
        }

        public ConcurrentQueue<string> Traces { get; } = new();

        public string Log => _log.Text;

        protected override ApiHostOptions Configure(ApiHostOptions options) => options with { Keys = KeyRingSource.Open(null, Kek) };

        protected override void Started(IServiceProvider services) => _log.Attach(services.GetRequiredService<ILoggerFactory>());

        public override async Task DisposeAsync()
        {
            _listeners.ForEach(static listener => listener.Dispose());
            await base.DisposeAsync();
        }
    }
}
