using System.Diagnostics;
using System.Text;
using Gatehouse.Api.Tests.Rest;
using Gatehouse.Control.Clusters;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Clusters;

/// <summary>A kubeconfig went in by every way there is: it is looked for everywhere it could come out, and the worker alone gets it.</summary>
public sealed class KubeconfigSecrecyTests(KubeconfigSecrecyTests.Fixture api) : IClassFixture<KubeconfigSecrecyTests.Fixture>
{
    private const string Path = "/api/v1/clusters/secret";

    [Fact]
    public async Task Kubeconfig_WrittenByEveryWay_IsInNoAnswerDumpLogOrHistory()
    {
        var seen = new List<(string Where, string Text)>();
        async Task<ApiAnswer> Send(string what, Task<ApiAnswer> asked, int status)
        {
            var answer = (await asked).Expect(status);
            seen.Add((what, answer.Text));
            return answer;
        }
        var body = TestKubeconfig.Body(TestKubeconfig.Yaml());
        var created = await Send("put", api.Admin.PutAsync(Path, body), 201);
        await Send("again", api.Admin.PutAsync(Path, body), 200);
        await Send("dry run", api.Admin.PutAsync($"{Path}?dryRun=true", body), 200);
        await Send("patch", api.Admin.PatchAsync(Path, body), 200);
        await Send("post", api.Admin.PostAsync("/api/v1/clusters", $$"""{"name":"posted",{{body[1..]}}""", ("Idempotency-Key", "k")), 201);
        await Send("post again", api.Admin.PostAsync("/api/v1/clusters", $$"""{"name":"posted",{{body[1..]}}""", ("Idempotency-Key", "k")), 201);
        await Send("conflict", api.Admin.PostAsync("/api/v1/clusters", $$"""{"name":"posted",{{body[1..]}}"""), 409);
        await Send("wrong", api.Admin.PutAsync(Path, TestKubeconfig.Body(TestKubeconfig.Yaml(server: "http://x"))), 422);
        await Send("misnamed", api.Admin.PutAsync(Path, body.Replace("kubeconfig", "kubeConfig", StringComparison.Ordinal)), 422);
        await Send("malformed", api.Admin.PutAsync(Path, body[..^1] + "x"), 400);
        await Send("forbidden", api.As("shop", "owner").PutAsync(Path, body), 403);
        await Send("stale", api.Admin.PutAsync(Path, body, ("If-Match", "\"AAAA\"")), 412);
        foreach (var path in new[] { Path, "/api/v1/clusters", "/api/v1/tenants/platform/audit", "/api/v1/tenants/platform/revisions", "/api/v1/export", "/api/v1/keyencryptionkeys" })
            await Send(path, api.Admin.GetAsync(path), 200);
        seen.Add(("dump", await DumpAsync()));
        seen.Add(("log", api.Log));

        Assert.Contains(seen, place => place.Where == "dump" && place.Text.Contains("INSERT INTO public.cluster_credentials", StringComparison.Ordinal));
        Assert.Contains(seen, place => place.Where == "log" && place.Text.Contains(Path, StringComparison.Ordinal));
        foreach (var (where, text) in seen)
        {
            foreach (var secret in new[] { TestKubeconfig.Token, TestKubeconfig.ClientKey })
            {
                Assert.False(text.Contains(secret, StringComparison.Ordinal), $"The kubeconfig shows in {where}.");
                Assert.False(text.Contains(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal), $"The kubeconfig shows in {where}.");
            }
        }
        var read = await api.Store.KubeconfigAsync(created.Json.GetProperty("id").GetGuid(), default);
        Assert.Equal(TestKubeconfig.Yaml(), Encoding.UTF8.GetString(read!));
    }

    [Fact]
    public async Task Kubeconfig_MovedToAnotherClusterOrChanged_DoesNotDecrypt()
    {
        var first = await AddAsync("first", "one");
        var second = await AddAsync("second", "two");
        Assert.Contains("one", Encoding.UTF8.GetString((await api.Store.KubeconfigAsync(first, default))!), StringComparison.Ordinal);

        await SqlAsync($"UPDATE cluster_credentials AS target SET (version, kek_id, wrapped_key, ciphertext) = (SELECT version, kek_id, wrapped_key, ciphertext FROM cluster_credentials WHERE cluster_id = '{first}') WHERE cluster_id = '{second}'");
        await Assert.ThrowsAsync<UnreadableKeyException>(() => api.Store.KubeconfigAsync(second, default));
        await SqlAsync($"UPDATE cluster_credentials SET version = version + 1 WHERE cluster_id = '{first}'");
        await Assert.ThrowsAsync<UnreadableKeyException>(() => api.Store.KubeconfigAsync(first, default));

        var accepted = (await api.Admin.GetAsync("/api/v1/clusters/second")).Expect(200).Json.GetProperty("status").GetProperty("conditions")[0];
        Assert.Equal(("False", "CredentialsUnreadable"), (accepted.GetProperty("status").GetString(), accepted.GetProperty("reason").GetString()));
        Assert.Contains("write spec.kubeconfig anew", accepted.GetProperty("message").GetString(), StringComparison.Ordinal);
        await AddAsync("second", "three");
        Assert.Contains("three", Encoding.UTF8.GetString((await api.Store.KubeconfigAsync(second, default))!), StringComparison.Ordinal);
        Assert.Null(await api.Store.KubeconfigAsync(Guid.NewGuid(), default));
        await api.Admin.DeleteAsync("/api/v1/clusters/first");
    }

    [Fact]
    public async Task Rotation_NewFirstKey_TakesOverKubeconfigs()
    {
        var id = await AddAsync("rotated", "kept-token");
        var before = await CiphertextAsync(id);

        await File.WriteAllTextAsync(api.KeyFile, $"second:{Fixture.Second}\nfirst:{Fixture.First}\n");
        await WaitAsync(async () => await CountAsync("first") == 0);
        await File.WriteAllTextAsync(api.KeyFile, $"second:{Fixture.Second}\n");
        await WaitAsync(async () => (await api.Admin.GetAsync("/api/v1/keyencryptionkeys")).Json.GetProperty("items").GetArrayLength() == 1);

        Assert.Equal(before, await CiphertextAsync(id));
        Assert.Contains("kept-token", Encoding.UTF8.GetString((await api.Store.KubeconfigAsync(id, default))!), StringComparison.Ordinal);
        await File.WriteAllTextAsync(api.KeyFile, $"second:{Fixture.Second}\nfirst:{Fixture.First}\n");
    }

    private async Task<Guid> AddAsync(string name, string token)
    {
        var answer = await api.Admin.PutAsync($"/api/v1/clusters/{name}", TestKubeconfig.Body(TestKubeconfig.Yaml(token)));
        Assert.True(answer.Status is 200 or 201, answer.Text);
        return answer.Json.GetProperty("id").GetGuid();
    }

    private async Task<long> CountAsync(string kek) => (await api.Admin.GetAsync("/api/v1/keyencryptionkeys")).Expect(200).Json.GetProperty("items").EnumerateArray()
        .Single(item => item.GetProperty("id").GetString() == kek).GetProperty("privateKeys").GetInt64();

    private Task SqlAsync(string sql) => api.Database.Server.ExecuteAsync(api.Database.Name, sql);

    private async Task<byte[]> CiphertextAsync(Guid cluster)
    {
        await using var connection = new NpgsqlConnection(api.Database.Compiler);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT ciphertext FROM cluster_credentials WHERE cluster_id = @cluster", connection);
        command.Parameters.AddWithValue("cluster", cluster);
        return (byte[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>All of the database as its superuser sees it, bytes as hexadecimal.</summary>
    private async Task<string> DumpAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(api.Database.Superuser);
        var start = new ProcessStartInfo(
            System.IO.Path.Combine(api.Database.Server.Binaries, "pg_dump"),
            ["--inserts", "--host", connection.Host!, "--username", connection.Username!, connection.Database!]) { RedirectStandardOutput = true };
        using var dump = Process.Start(start)!;
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return text;
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
                return;
            await Task.Delay(100);
        }
        Assert.Fail("It did not happen within 10 s.");
    }

    /// <summary>An API that logs everything, and whose KEKs lie in a file.</summary>
    public sealed class Fixture : ApiFixture
    {
        public static readonly string First = KeyRing.Draw();
        public static readonly string Second = KeyRing.Draw();

        private readonly CapturedLog _log = new();

        public string KeyFile { get; } = System.IO.Path.GetTempFileName();

        public IClusterStore Store { get; private set; } = null!;

        public string Log => _log.Text;

        protected override ApiHostOptions Configure(ApiHostOptions options)
        {
            File.WriteAllText(KeyFile, $"first:{First}\n");
            return options with { Keys = KeyRingSource.Open(KeyFile, null) };
        }

        protected override void Started(IServiceProvider services)
        {
            Store = services.GetRequiredService<IClusterStore>();
            _log.Attach(services.GetRequiredService<ILoggerFactory>());
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            File.Delete(KeyFile);
        }
    }
}
