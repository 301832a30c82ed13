using System.Text.Json;
using Gatehouse.Api.Tests.Rest;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Certificates;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.PrivateKeys;

/// <summary>A new KEK takes over while the API goes on.</summary>
public sealed class KeyRotationTests : IClassFixture<KeyRotationTests.Fixture>
{
    private const string Certificates = "/api/v1/tenants/shop/certificates";

    private readonly Fixture _api;

    public KeyRotationTests(Fixture api) => _api = api;

    [Fact]
    public async Task Rotation_NewFirstKey_TakesOverAllKeysWhileOthersAreWritten()
    {
        var pairs = Enumerable.Range(0, 12).Select(i => TestKeyPair.Ec($"n{i}.example.com")).ToList();
        for (var i = 0; i < pairs.Count; i++)
            await PutAsync(i % 3 == 0 ? "payments" : "shop", $"n{i}", pairs[i]);
        Assert.Equal([("first", 12, true)], await KeysAsync());
        var before = await CiphertextsAsync();

        await File.WriteAllTextAsync(_api.File, $"second:{Fixture.Second}\nfirst:{Fixture.First}\n");
        using var stop = new CancellationTokenSource();
        var writing = WriteOnAsync(stop.Token);
        await WaitAsync(async () => await KeysAsync() is var keys && keys.Contains(("first", 0, false)) && keys.Single(key => key.Id == "second").Active);
        await stop.CancelAsync();
        var written = await writing;
        Assert.True(written > 0);

        // Only the data keys were wrapped anew; the old KEK can go.
        Assert.Empty(before.Except(await CiphertextsAsync()));
        await File.WriteAllTextAsync(_api.File, $"second:{Fixture.Second}\n");
        await WaitAsync(async () => await KeysAsync() is [("second", _, true)]);
        foreach (var name in new[] { "n1", "n2", "busy" })
            Assert.Equal("True", await IssuedAsync(name));

        // A file that cannot be read changes nothing.
        await File.WriteAllTextAsync(_api.File, "nonsense");
        await Task.Delay(2500);
        await PutAsync("shop", "later", TestKeyPair.Ec("later.example.com"));
        Assert.Equal("second", (await KeysAsync()).Single().Id);
        await File.WriteAllTextAsync(_api.File, $"second:{Fixture.Second}\n");
    }

    private async Task<int> WriteOnAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            await PutAsync("shop", "busy", TestKeyPair.Ec("busy.example.com"));
            count++;
        }
        return count;
    }

    private async Task PutAsync(string tenant, string name, TestKeyPair pair)
    {
        var body = JsonSerializer.Serialize(new { spec = new { certificate = pair.Certificate, privateKey = pair.PrivateKey } });
        var answer = await _api.As(tenant, "admin").PutAsync($"/api/v1/tenants/{tenant}/certificates/{name}", body);
        Assert.True(answer.Status is 200 or 201, answer.Text);
    }

    private async Task<string?> IssuedAsync(string name) =>
        (await _api.As("shop", "viewer").GetAsync($"{Certificates}/{name}")).Expect(200).Json.GetProperty("status").GetProperty("conditions").EnumerateArray()
            .Single(condition => condition.GetProperty("type").GetString() == "Issued").GetProperty("status").GetString();

    private async Task<List<(string Id, long Keys, bool Active)>> KeysAsync() =>
        [.. (await _api.Admin.GetAsync("/api/v1/keyencryptionkeys")).Expect(200).Json.GetProperty("items").EnumerateArray().Select(key =>
            (key.GetProperty("id").GetString()!, key.GetProperty("privateKeys").GetInt64(), key.GetProperty("active").GetBoolean()))];

    private async Task<List<string>> CiphertextsAsync()
    {
        await using var connection = new NpgsqlConnection(_api.Database.Compiler);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT encode(ciphertext, 'hex') FROM private_keys JOIN resources ON id = certificate_id WHERE name LIKE 'n%'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        return found;
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

    /// <summary>An API whose KEKs lie in a file.</summary>
    public sealed class Fixture : ApiFixture
    {
        public static readonly string First = KeyRing.Draw();
        public static readonly string Second = KeyRing.Draw();

        public string File { get; } = Path.GetTempFileName();

        protected override ApiHostOptions Configure(ApiHostOptions options)
        {
            System.IO.File.WriteAllText(File, $"first:{First}\n");
            return options with { Keys = KeyRingSource.Open(File, null) };
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            System.IO.File.Delete(File);
        }
    }
}

/// <summary>An installation without a KEK stores no keys.</summary>
public sealed class NoKeyTests : IClassFixture<NoKeyTests.Fixture>
{
    private readonly Fixture _api;

    public NoKeyTests(Fixture api) => _api = api;

    [Fact]
    public async Task Put_WithoutAKek_IsRefusedAndSaysWhoMustDoWhat()
    {
        var pair = TestKeyPair.Ec("none.example.com");
        var body = JsonSerializer.Serialize(new { spec = new { certificate = pair.Certificate, privateKey = pair.PrivateKey } });

        var answer = (await _api.As("shop", "admin").PutAsync("/api/v1/tenants/shop/certificates/none", body)).ExpectProblem(503, "no_key_encryption_key");

        Assert.Contains("platform admin must configure one", answer.Text, StringComparison.Ordinal);
        (await _api.As("shop", "admin").GetAsync("/api/v1/tenants/shop/certificates/none")).Expect(404);
    }

    public sealed class Fixture : ApiFixture
    {
        protected override ApiHostOptions Configure(ApiHostOptions options) => options with { Keys = KeyRingSource.None };
    }
}
