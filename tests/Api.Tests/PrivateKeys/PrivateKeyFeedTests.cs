using System.Net;
using System.Text.Json;
using Gatehouse.Api.Tests.Control;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control.Feed;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Certificates;
using Gatehouse.Testing.Postgres;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.PrivateKeys;

/// <summary>What of private keys reaches data planes, and what does not.</summary>
public sealed class PrivateKeyFeedTests : ControlTest
{
    private readonly TestKeyPair _pair = TestKeyPair.Ec("shop.example.com");
    private readonly string _kek = "first:" + KeyRing.Draw();

    [Fact]
    public async Task Snapshot_CertificateInUse_ComesWithItsKey()
    {
        await AddTlsGatewayAsync();
        await AddCertificateAsync("web", _pair, _kek);
        await using var control = await StartAsync(_kek);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);

        var entry = CertificateOf(await reader.ReadUntilAsync(2), "platform/web");

        Assert.Equal(_pair.PrivateKey.Trim(), entry.Secret);
        Assert.Null(entry.Withheld);
        Assert.DoesNotContain("PRIVATE", entry.Value!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delta_NewCertificate_ComesWithItsKey()
    {
        await AddTlsGatewayAsync();
        await using var control = await StartAsync(_kek);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(1);

        await AddCertificateAsync("web", _pair, _kek);

        Assert.Equal(_pair.PrivateKey.Trim(), CertificateOf(await reader.ReadUntilAsync(2), "platform/web").Secret);
    }

    [Fact]
    public async Task Key_ThatCannotBeDecrypted_IsThatCertificatesAloneAndFollowsOnceItCan()
    {
        var file = Path.GetTempFileName();
        try
        {
            await AddTlsGatewayAsync();
            await AddCertificateAsync("web", _pair, _kek);
            var other = "second:" + KeyRing.Draw();
            await AddCertificateAsync("wildcard", TestKeyPair.Ec("*.example.com"), other);
            await File.WriteAllTextAsync(file, other);
            var keys = KeyRingSource.Open(file, null);
            await using var control = await ControlProcess.StartAsync(Database.Compiler, options => options with { Keys = keys, Heartbeat = TimeSpan.FromMilliseconds(200) });
            await using var reader = new FeedReader();
            await reader.ConnectAsync(control);

            var first = await reader.ReadUntilAsync(3);
            Assert.NotNull(CertificateOf(first, "platform/wildcard").Secret);
            var entry = CertificateOf(first, "platform/web");
            Assert.Null(entry.Secret);
            Assert.Contains("`first` is not configured", entry.Withheld, StringComparison.Ordinal);
            var status = control.Statuses.Read(new("Certificate", "platform", "web"), 1, DateTimeOffset.UnixEpoch);
            var issued = status.Conditions.Single(condition => condition.Type == "Issued");
            Assert.Equal(("False", "PrivateKeyUnreadable"), (issued.Status, issued.Reason));
            Assert.Contains("platform admin must configure it again", issued.Message, StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, other + "\n" + _kek);
            Assert.True(keys.Reload());
            var second = await reader.ReadChangeAsync();
            Assert.Equal((first.Revision, first.Revision), (second.From, second.Revision));
            Assert.Equal(_pair.PrivateKey.Trim(), CertificateOf(second, "platform/web").Secret);
            Assert.Single(second.Entries);
            status = control.Statuses.Read(new("Certificate", "platform", "web"), 1, DateTimeOffset.UnixEpoch);
            Assert.Equal("True", status.Conditions.Single(condition => condition.Type == "Issued").Status);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("name")]
    [InlineData("tenant")]
    [InlineData("version")]
    [InlineData("older")]
    public async Task Row_SwappedOrSetBack_DoesNotDecrypt(string swap)
    {
        await AddTlsGatewayAsync();
        await AddCertificateAsync("web", _pair, _kek);
        await AddCertificateAsync("wildcard", _pair, _kek);
        await AddCertificateAsync("web", _pair, _kek, TestDatabase.ShopId);
        var sql = swap switch
        {
            "name" => Copy("wildcard", "platform"),
            "tenant" => Copy("web", "shop"),
            "version" => "UPDATE private_keys SET version = version + 1 WHERE certificate_id = (SELECT id FROM resources WHERE name = 'web' AND tenant_id = (SELECT id FROM tenants WHERE name = 'platform'))",
            _ => "UPDATE private_keys SET key_fingerprint = repeat('0', 64) WHERE certificate_id = (SELECT id FROM resources WHERE name = 'web' AND tenant_id = (SELECT id FROM tenants WHERE name = 'platform'))",
        };
        await using (var connection = new NpgsqlConnection(Database.Superuser))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }
        await using var control = await StartAsync(_kek);
        await using var reader = new FeedReader();
        await reader.ConnectAsync(control);

        var entry = CertificateOf(await reader.ReadUntilAsync(4), "platform/web");

        Assert.Null(entry.Secret);
        Assert.Contains(swap == "older" ? "another certificate" : "does not decrypt", entry.Withheld, StringComparison.Ordinal);

        static string Copy(string name, string tenant) => $"""
            UPDATE private_keys AS target SET version = source.version, key_fingerprint = source.key_fingerprint, kek_id = source.kek_id, wrapped_key = source.wrapped_key, ciphertext = source.ciphertext
            FROM private_keys AS source, resources AS there, tenants AS theirs, resources AS here, tenants AS ours
            WHERE there.id = source.certificate_id AND theirs.id = source.tenant_id AND theirs.name = '{tenant}' AND there.name = '{name}'
              AND here.id = target.certificate_id AND ours.id = target.tenant_id AND ours.name = 'platform' AND here.name = 'web'
            """;
    }

    [Theory]
    [InlineData("127.0.0.1", "http", true)]
    [InlineData("::1", "http", true)]
    [InlineData("::ffff:127.0.0.1", "http", true)]
    [InlineData("10.0.0.7", "http", false)]
    [InlineData("::ffff:10.0.0.7", "http", false)]
    [InlineData("10.0.0.7", "https", true)]
    public void Connection_ThatOthersCanRead_GetsNoKeys(string peer, string scheme, bool isPrivate)
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = scheme;
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        // What a client can say of itself does not count.
        http.Request.Headers["X-Forwarded-Proto"] = "https";
        http.Request.Headers["X-Forwarded-For"] = "127.0.0.1";

        Assert.Equal(isPrivate, FeedEndpoints.IsPrivate(http));
    }

    [Fact]
    public async Task Logins_OfTheRuntime_ReadWhatTheyNeedAlone()
    {
        await AddTlsGatewayAsync();
        await AddCertificateAsync("web", _pair, _kek);
        await using var connection = new NpgsqlConnection(Database.App);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT ciphertext FROM private_keys", connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync())).SqlState);
        await using var compiler = new NpgsqlConnection(Database.Compiler);
        await compiler.OpenAsync();
        await using var update = new NpgsqlCommand("UPDATE private_keys SET kek_id = ''", compiler);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => update.ExecuteNonQueryAsync())).SqlState);
    }

    private Task<ControlProcess> StartAsync(string kek) =>
        ControlProcess.StartAsync(Database.Compiler, options => options with { Keys = KeyRingSource.Open(null, kek), Heartbeat = TimeSpan.FromMilliseconds(200) });

    private static FeedEntry CertificateOf(FeedChange change, string key) =>
        change.Entries.Single(entry => entry.Table == FeedEntry.Certificates && entry.Key == key);

    private Task<long> AddTlsGatewayAsync() => WriteAsync(TestDatabase.PlatformId, transaction =>
    {
        transaction.Db.Resources.Add(Resource(
            TestDatabase.PlatformId, "GatewayClass", "gatehouse",
            """{"controllerName":"gatehouse.dev/gateway-controller","target":{"type":"DataPlane","pool":"default"}}"""));
        transaction.Db.Resources.Add(Resource(
            TestDatabase.PlatformId, "Gateway", "default",
            """{"gatewayClassName":"gatehouse","listeners":[{"name":"https","port":443,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"web"},{"name":"wildcard"}]}}]}"""));
        return Task.CompletedTask;
    });

    private Task<long> AddCertificateAsync(string name, TestKeyPair pair, string kek, Guid? tenant = null)
    {
        var owner = tenant ?? TestDatabase.PlatformId;
        return WriteAsync(owner, transaction =>
        {
            var row = Resource(owner, "Certificate", name, JsonSerializer.Serialize(new { certificate = pair.Certificate }));
            transaction.Db.Resources.Add(row);
            using var chain = UploadedChain.Read("", pair.Certificate).Chain!;
            using var key = PrivateKey.Read("", pair.PrivateKey).Key!;
            var box = KeyEnvelope.Seal(KeyRing.Parse(kek), new KeyIdentity(owner, name, 1, chain.KeyFingerprint), key.Pkcs8.Span);
            transaction.Db.PrivateKeys.Add(new PrivateKeyEntity
            {
                TenantId = owner,
                CertificateId = row.Id,
                Version = 1,
                KeyFingerprint = chain.KeyFingerprint,
                KekId = box.KekId,
                WrappedKey = box.WrappedKey,
                Ciphertext = box.Ciphertext,
                UpdatedAt = transaction.Now,
            });
            return Task.CompletedTask;
        });
    }
}
