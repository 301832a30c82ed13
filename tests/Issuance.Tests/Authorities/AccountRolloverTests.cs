using Gatehouse.Acme;
using Gatehouse.Issuance.Authorities;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Acme;
using Gatehouse.Testing.Postgres;
using Npgsql;
using Xunit;

namespace Gatehouse.Issuance.Tests.Authorities;

/// <summary>Other keys for accounts, with a real authority; a process that is killed at any moment leaves what the next one finds out.</summary>
public sealed class AccountRolloverTests : IAsyncLifetime, IDisposable
{
    private PebbleServer _pebble = null!;
    private TestDatabase _database = null!;
    private IssuanceDatabase _connections = null!;
    private KeyRingSource _keys = null!;
    private AuthorityOptions _authority = null!;
    private string _roots = null!;

    public async Task InitializeAsync()
    {
        _pebble = await PebbleServer.StartAsync();
        _database = await TestDatabase.CreateAsync();
        _connections = new IssuanceDatabase(_database.Compiler);
        _keys = KeyRingSource.Open(null, KeyRing.Draw());
        _roots = Path.Combine(Directory.CreateTempSubdirectory("gatehouse-rollover-").FullName, "roots.pem");
        await File.WriteAllTextAsync(_roots, _pebble.TrustedRoots.ExportCertificatePems());
        _authority = new AuthorityOptions { Name = "ca1", Directory = _pebble.DirectoryUrl, RootsFile = _roots };
    }

    public void Dispose() => _connections.Dispose();

    public async Task DisposeAsync()
    {
        await _connections.DisposeAsync();
        await _database.DisposeAsync();
        await _pebble.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_roots)!, recursive: true);
    }

    [Fact]
    public async Task Rollover_Whole_GivesTheAccountAnotherKeyInAllProcesses()
    {
        using var here = Process();
        using var there = Process();
        var before = await here.OpenAsync(_authority, default);
        var old = await there.OpenAsync(_authority, default);
        Assert.Equal(before.Key.Thumbprint, old.Key.Thumbprint);

        Assert.Equal(RolloverOutcome.Done, await here.RollAsync(_authority, default));

        var after = await here.OpenAsync(_authority, default);
        Assert.NotEqual(before.Key.Thumbprint, after.Key.Thumbprint);
        Assert.Equal(before.Account, after.Account);
        Assert.True(await there.IsOutdatedAsync(_authority, old, default));
        Assert.Equal(after.Key.Thumbprint, (await there.OpenAsync(_authority, default)).Key.Thumbprint);
        Assert.NotNull((await after.NewOrderAsync(["a.example.test"])).Url);
        Assert.NotNull((await (await there.OpenAsync(_authority, default)).NewOrderAsync(["b.example.test"])).Url);
        await Assert.ThrowsAsync<AcmeException>(() => old.NewOrderAsync(["c.example.test"]));
    }

    [Fact]
    public async Task Rollover_BrokenOffBeforeTheAuthorityWasTold_LeavesTheKeyAsItWas()
    {
        using var here = Process();
        var before = await here.OpenAsync(_authority, default);
        using (await Book().DrawAsync(_authority.Directory, 1, default))
        {
        }

        using var next = Process();
        var after = await next.OpenAsync(_authority, default);
        Assert.Equal(before.Key.Thumbprint, after.Key.Thumbprint);
        Assert.NotNull((await after.NewOrderAsync(["a.example.test"])).Url);
        Assert.Equal((1, false), await Accounts().VersionAsync(_authority.Directory, default));
        Assert.Equal(RolloverOutcome.Done, await next.RollAsync(_authority, default));
    }

    [Fact]
    public async Task Rollover_BrokenOffAfterTheAuthorityWasTold_HasTheNewKey()
    {
        using var here = Process();
        var before = await here.OpenAsync(_authority, default);
        using (var drawn = await Book().DrawAsync(_authority.Directory, 1, default))
        {
            var stored = (await Accounts().FindAsync(_authority.Directory, default))!;
            using var http = _pebble.CreateHttp();
            await new AcmeClient(http, _authority.Directory, stored.Key, stored.Url).ChangeKeyAsync(drawn);

            // While another process has the lock it is not for this one to find out.
            await using (await Book().TryLockAsync(_authority.Directory, default))
                Assert.Equal(RolloverOutcome.UnderWay, await here.RollAsync(_authority, default));

            // The process that was killed is followed by others, and the one beside it notices too.
            using var next = Process();
            var after = await next.OpenAsync(_authority, default);
            Assert.Equal((drawn.Thumbprint, before.Account), (after.Key.Thumbprint, after.Account));
            Assert.Equal((2, false), await Accounts().VersionAsync(_authority.Directory, default));
            Assert.NotNull((await (await here.OpenAsync(_authority, default)).NewOrderAsync(["a.example.test"])).Url);
        }
    }

    [Fact]
    public async Task NextKey_InTheDatabase_IsEncryptedForItsAccountAndVersion()
    {
        using var here = Process();
        await here.OpenAsync(_authority, default);
        using var drawn = await Book().DrawAsync(_authority.Directory, 1, default);
        var pkcs8 = drawn.ExportPkcs8();
        await using var source = NpgsqlDataSource.Create(_database.Superuser);
        await using (var stored = source.CreateCommand("SELECT next_ciphertext FROM acme_accounts"))
            Assert.Equal(-1, ((byte[])(await stored.ExecuteScalarAsync())!).AsSpan().IndexOf(pkcs8.AsSpan(0, 48)));
        using (var read = await Book().FindAsync(_authority.Directory, 1, default))
            Assert.Equal(drawn.Thumbprint, read!.Thumbprint);

        await using (var shifted = source.CreateCommand("UPDATE acme_accounts SET version = 7"))
            await shifted.ExecuteNonQueryAsync();
        await Assert.ThrowsAsync<UnreadableKeyException>(() => Book().FindAsync(_authority.Directory, 7, default));
    }

    private AccountBook Accounts() => new(_connections, _keys, TimeProvider.System);

    private AccountKeyBook Book() => new(_connections, _keys, TimeProvider.System);

    private AuthorityClients Process() => new(new IssuanceOptions { Authorities = [_authority] }, Accounts(), new AccountKeys(Accounts(), Book()), TimeProvider.System);
}
