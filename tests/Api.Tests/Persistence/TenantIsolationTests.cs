using Gatehouse.Persistence.Clusters;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Idempotency;
using Gatehouse.Persistence.Issuance;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Persistence.Tenancy;
using Gatehouse.Testing.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Persistence;

/// <summary>What the runtime's login sees and can do when the query filter is off or raw SQL is run.</summary>
public sealed class TenantIsolationTests : DatabaseTest
{
    [Fact]
    public async Task Rows_WrongTenantOrNone_AreNotSeen()
    {
        await FillAsync(TestDatabase.ShopId);
        foreach (var table in await TablesAsync())
        {
            Assert.True(await CountAsync(table, TestDatabase.ShopId.ToString()) > 0, $"{table} has no row to hide");
            Assert.Equal(0, await CountAsync(table, TestDatabase.PaymentsId.ToString()));
            Assert.Equal(0, await CountAsync(table, null));
            Assert.Equal(0, await CountAsync(table, ""));
        }
    }

    [Fact]
    public async Task Query_FilterOff_SeesNothingOfOthers()
    {
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        await using var db = Database.NewContext();
        await using (await TransactionsOf(db).ReadAsync(TestDatabase.PaymentsId))
            Assert.Empty(await db.Resources.IgnoreQueryFilters().ToListAsync());
        Assert.Empty(await db.Resources.IgnoreQueryFilters().ToListAsync());
    }

    [Fact]
    public async Task Query_NoTenant_SeesNothingThroughThePool()
    {
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        var one = new NpgsqlConnectionStringBuilder(Database.App) { MaxPoolSize = 1, MinPoolSize = 1, NoResetOnClose = true }.ConnectionString;
        int process;
        await using (var db = Database.NewContext(one))
        {
            await using var read = await TransactionsOf(db).ReadAsync(TestDatabase.ShopId);
            Assert.Single(await db.Resources.ToListAsync());
            process = await ProcessAsync(db);
        }

        // The same server process again, without a reset: the setting ended with its transaction and reads as an empty string now.
        await using var reused = Database.NewContext(one);
        Assert.Equal(process, await ProcessAsync(reused));
        Assert.Empty(await reused.Resources.IgnoreQueryFilters().ToListAsync());
        await using (await TransactionsOf(reused).ReadAsync(TestDatabase.PaymentsId))
            Assert.Empty(await reused.Resources.IgnoreQueryFilters().ToListAsync());
        NpgsqlConnection.ClearPool(new NpgsqlConnection(one));
    }

    [Fact]
    public async Task Insert_ForAnotherTenant_IsRefused()
    {
        await using var db = Database.NewContext();
        await using var transaction = await TransactionsOf(db).WriteAsync(TestDatabase.PaymentsId, Write);
        db.Resources.Add(Backend(TestDatabase.ShopId, "v1"));
        var exception = await Assert.ThrowsAsync<DbUpdateException>(() => transaction.CommitAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, ((PostgresException)exception.InnerException!).SqlState);
    }

    [Fact]
    public async Task UpdateAndDelete_OfAnotherTenantsRows_TouchNothing()
    {
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        await using var db = Database.NewContext();
        await using var transaction = await TransactionsOf(db).WriteAsync(TestDatabase.PaymentsId, Write);
        Assert.Equal(0, await db.Resources.IgnoreQueryFilters().ExecuteUpdateAsync(row => row.SetProperty(resource => resource.Spec, "{}")));
        Assert.Equal(0, await db.Resources.IgnoreQueryFilters().ExecuteDeleteAsync());
    }

    [Fact]
    public async Task Update_MovingARowToAnotherTenant_IsRefused()
    {
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        await using var db = Database.NewContext();
        await using var transaction = await TransactionsOf(db).WriteAsync(TestDatabase.ShopId, Write);
        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => db.Database.ExecuteSqlAsync($"UPDATE resources SET tenant_id = {TestDatabase.PaymentsId}"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, exception.SqlState);
    }

    [Theory]
    [InlineData("SET ROLE gatehouse_owner")]
    [InlineData("SET ROLE gatehouse_ledger")]
    [InlineData("ALTER TABLE resources DISABLE ROW LEVEL SECURITY")]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("UPDATE audit_events SET verb = 'nothing'")]
    [InlineData("DELETE FROM revisions")]
    [InlineData("UPDATE hostname_claims SET state = 'Verified'")]
    [InlineData("INSERT INTO hostname_claims (tenant_id, id, hostname, state, created_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'a.b', 'Verified', now())")]
    [InlineData("SELECT * FROM hostname_quarantine")]
    [InlineData("SELECT grant_hostname(gen_random_uuid(), 'a.b', 'Txt', false, now())")]
    public async Task App_BeyondItsRights_IsRefused(string sql)
    {
        await using var db = Database.NewContext();
        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, exception.SqlState);
    }

    [Theory]
    [InlineData("SELECT * FROM audit_events")]
    [InlineData("SELECT * FROM users")]
    [InlineData("SELECT * FROM api_tokens")]
    [InlineData("SELECT * FROM memberships")]
    [InlineData("DELETE FROM resources")]
    [InlineData("UPDATE tenants SET name = 'mine'")]
    public async Task Compiler_BeyondItsRights_IsRefused(string sql)
    {
        await using var db = Database.NewContext(Database.Compiler);
        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, exception.SqlState);
    }

    [Fact]
    public async Task Owner_WithoutATenant_SeesNothing()
    {
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        await using var db = Database.NewContext(Database.Owner);
        Assert.Empty(await db.Resources.IgnoreQueryFilters().ToListAsync());
    }

    [Fact]
    public async Task FindToken_ByHash_SeesThatTokenAlone()
    {
        await FillAsync(TestDatabase.ShopId);
        await using var db = Database.NewContext();
        var lookup = new IdentityLookup(db);
        var identity = await lookup.FindTokenAsync(TokenHash);
        Assert.Equal(("shop", Role.Viewer, Role.Editor), (identity!.Tenant.Name, identity.EffectiveRole, identity.Issuer!.Role));
        Assert.NotNull(identity.Issuer.User);
        Assert.Null(await lookup.FindTokenAsync(new byte[32]));
        var membership = Assert.Single(await lookup.MembershipsOfAsync(identity.Issuer.UserId));
        Assert.Equal(("shop", Role.Editor), (membership.Tenant.Name, membership.Role));
    }

    [Fact]
    public async Task Token_IssuerLeavesTheTenant_IsGone()
    {
        await FillAsync(TestDatabase.ShopId);
        await WriteAsync(TestDatabase.ShopId, async transaction => transaction.Db.Memberships.Remove(await transaction.Db.Memberships.SingleAsync()));
        await using var db = Database.NewContext();
        Assert.Null(await new IdentityLookup(db).FindTokenAsync(TokenHash));
    }

    [Fact]
    public async Task Tenant_Deleted_TakesItsRowsAlong()
    {
        await FillAsync(TestDatabase.ShopId);
        await WriteAsync(TestDatabase.PlatformId, async transaction =>
            transaction.Db.Tenants.Remove(await transaction.Db.Tenants.SingleAsync(tenant => tenant.Id == TestDatabase.ShopId)));
        foreach (var table in await TablesAsync())
            Assert.Equal(0, await CountAsync(table, TestDatabase.ShopId.ToString()));
    }

    private static readonly byte[] TokenHash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    /// <summary>Puts at least one row into every tenant table.</summary>
    private Task<long> FillAsync(Guid tenant) => WriteAsync(tenant, async transaction =>
    {
        var user = new User { UserName = "ann@example.com", Email = "ann@example.com" };
        transaction.Db.Users.Add(user);
        var resource = Backend(tenant, "v1");
        transaction.Db.Resources.Add(resource);
        transaction.Db.PrivateKeys.Add(new PrivateKeyEntity
        {
            TenantId = tenant,
            CertificateId = resource.Id,
            Version = 1,
            KeyFingerprint = "",
            KekId = "",
            WrappedKey = [1],
            Ciphertext = [1],
            UpdatedAt = transaction.Now,
        });
        transaction.Db.ClusterCredentials.Add(new ClusterCredentialEntity
        {
            TenantId = tenant,
            ClusterId = resource.Id,
            Version = 1,
            KekId = "",
            WrappedKey = [1],
            Ciphertext = [1],
            UpdatedAt = transaction.Now,
        });
        IssuanceRows.Start(transaction, resource);
        transaction.Db.CertificateRevocations.Add(new CertificateRevocationEntity
        {
            TenantId = tenant,
            Hostname = "revoked.example.com",
            Certificate = "PEM",
            Reason = 1,
            RequestedAt = transaction.Now,
            DueAt = transaction.Now,
        });
        transaction.Db.AcmeChallenges.Add(new AcmeChallengeEntity
        {
            TenantId = tenant,
            HostnameId = resource.Id,
            Hostname = "a.example.com",
            Token = "token",
            Type = "http-01",
            KeyAuthorization = "token.thumbprint",
            CreatedAt = transaction.Now,
        });
        transaction.Db.Memberships.Add(new Membership { TenantId = tenant, UserId = user.Id, Role = Role.Editor });
        transaction.Db.ApiTokens.Add(new ApiToken { TenantId = tenant, Name = "ci", Role = Role.Viewer, TokenHash = TokenHash, IssuerId = user.Id });
        transaction.Db.IdempotencyKeys.Add(new IdempotencyKey
        {
            TenantId = tenant,
            Actor = "user:ann",
            Key = "1",
            RequestHash = [1],
            Status = 201,
            CreatedAt = transaction.Now,
        });
        await transaction.Db.SaveChangesAsync();
        await Ledger().ClaimAsync(transaction, "a.example.com");
    });

    private static Gatehouse.Persistence.Hostnames.HostnameLedger Ledger() => new(new() { VerificationRequired = false });

    private async Task<List<string>> TablesAsync()
    {
        await using var db = Database.NewContext();
        return [.. db.Model.GetEntityTypes().Where(entity => typeof(ITenantOwned).IsAssignableFrom(entity.ClrType)).Select(entity => entity.GetTableName()!)];
    }

    private async Task<long> CountAsync(string table, string? tenant)
    {
        await using var connection = new NpgsqlConnection(Database.App);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (tenant is not null)
        {
            await using var set = new NpgsqlCommand("SELECT set_config('app.tenant_id', @tenant, true)", connection);
            set.Parameters.AddWithValue("tenant", tenant);
            await set.ExecuteNonQueryAsync();
        }

        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static async Task<int> ProcessAsync(DbContext db) =>
        await db.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").SingleAsync();
}
