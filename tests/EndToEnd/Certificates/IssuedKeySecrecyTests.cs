using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Certificates;
using Npgsql;
using Xunit;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Private keys that are drawn here, opened with the key-encryption key and then looked for wherever they could lie.</summary>
public sealed class IssuedKeySecrecyTests
{
    [Fact]
    public async Task Keys_OfCertificatesOrdersAndAccounts_AreInNoDumpFileOrOutput()
    {
        await using var site = await AcmeSite.StartAsync(relayed: true);
        await site.AddTenantAsync("shop");
        await site.ClaimAsync("shop", "done.example.test");
        await site.ClaimAsync("shop", "rsa.example.test", """{"certificate":{"keyType":"Rsa2048"}}""");
        await site.WaitForCertificateAsync("shop", "done.example.test");
        await site.WaitForCertificateAsync("shop", "rsa.example.test");
        using (await TrustedClient.ServedAsync(site, "done.example.test", await site.Authorities[0].RootAsync()))
            site.Relays[0].HoldAt(Held.Before, AuthorityRelay.Finalize, "pending.example.test");
        await site.ClaimAsync("shop", "pending.example.test");
        await site.Relays[0].WaitUntilHeldAsync(AuthorityRelay.Finalize, "pending.example.test");

        var keys = await OpenAsync(site.Gatehouse);
        Assert.Equal(["account", "done.example.test.managed", "pending", "rsa.example.test.managed"], keys.Select(key => key.Whose).Order(StringComparer.Ordinal));
        var places = new List<(string Where, string Text)> { ("the dump", await DumpAsync(site.Gatehouse)), ("the output", site.Gatehouse.Run.Output + site.Gatehouse.Run.Errors) };
        // So that what is looked for would be found.
        Assert.All(keys, key => Assert.Contains(Convert.ToHexStringLower(key.Ciphertext), places[0].Text, StringComparison.Ordinal));
        Assert.Equal(0, await site.Gatehouse.StopAsync());
        var encrypted = keys.Select(key => Encoding.Latin1.GetString(key.Ciphertext)).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(site.Gatehouse.DataDirectory, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            encrypted.RemoveWhere(secret => text.Contains(secret, StringComparison.Ordinal));
            places.Add((file, text));
        }
        Assert.Empty(encrypted);
        foreach (var (whose, pkcs8, _) in keys)
        {
            string[] traces = [.. TracesOf(pkcs8)];
            Assert.True(traces.Length > 6);
            Assert.All(places, place => Assert.All(traces, trace => Assert.False(place.Text.Contains(trace, StringComparison.Ordinal), $"The key of {whose} shows in {place.Where}.")));
        }
    }

    // The private numbers in all forms, and the whole PKCS#8 document in its three.
    private static IEnumerable<string> TracesOf(byte[] pkcs8) =>
        new TestKeyPair("", PemEncoding.WriteString("PRIVATE KEY", pkcs8)).Traces.Where(trace => trace != "PRIVATE KEY-----")
            .Append(Encoding.Latin1.GetString(pkcs8)).Append(Convert.ToBase64String(pkcs8)).Append(Convert.ToHexStringLower(pkcs8));

    private static async Task<List<(string Whose, byte[] Pkcs8, byte[] Ciphertext)>> OpenAsync(StandaloneInstance instance)
    {
        var ring = KeyRing.Parse(await File.ReadAllTextAsync(Path.Combine(instance.DataDirectory, "kek")));
        var keys = new List<(string, byte[], byte[])>();
        await using var connection = await InstanceDatabase.OpenAsync(instance);
        // Pages that are written yet to memory alone are in no file.
        await using (var checkpoint = new NpgsqlCommand("CHECKPOINT", connection))
            await checkpoint.ExecuteNonQueryAsync();
        async Task ReadAsync(string query, Func<NpgsqlDataReader, (string Whose, SecretIdentity Identity)> owner)
        {
            await using var command = new NpgsqlCommand(query, connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var (whose, identity) = owner(reader);
                var key = new SealedKey(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
                keys.Add((whose, KeyEnvelope.Open(ring, identity, key), key.Ciphertext));
            }
        }

        await ReadAsync("SELECT kek_id, wrapped_key, ciphertext, directory, version FROM acme_accounts", row => ("account", new AccountIdentity(row.GetString(3), row.GetInt64(4))));
        await ReadAsync(
            "SELECT kek_id, wrapped_key, ciphertext, tenant_id, hostname_id, key_version FROM certificate_issuances WHERE ciphertext IS NOT NULL",
            row => ("pending", new PendingKeyIdentity(row.GetGuid(3), row.GetGuid(4), row.GetInt64(5))));
        await ReadAsync(
            "SELECT kek_id, wrapped_key, ciphertext, keys.tenant_id, name, keys.version, key_fingerprint FROM private_keys AS keys JOIN resources ON resources.tenant_id = keys.tenant_id AND resources.id = certificate_id",
            row => (row.GetString(4), new KeyIdentity(row.GetGuid(3), row.GetString(4), row.GetInt64(5), row.GetString(6))));
        return keys;
    }

    /// <summary>All of the database as its superuser sees it, bytes as hexadecimal.</summary>
    private static async Task<string> DumpAsync(StandaloneInstance instance)
    {
        var server = File.ResolveLinkTarget($"/proc/{instance.Postgres.Pid}/exe", returnFinalTarget: true)!.FullName;
        var connection = InstanceDatabase.Superuser(instance);
        var start = new ProcessStartInfo(
            Path.Combine(Path.GetDirectoryName(server)!, "pg_dump"),
            ["--inserts", "--host", connection.Host!, "--username", connection.Username!, connection.Database!]) { RedirectStandardOutput = true };
        start.Environment["PGPASSWORD"] = connection.Password;
        using var dump = Process.Start(start)!;
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return text;
    }
}
