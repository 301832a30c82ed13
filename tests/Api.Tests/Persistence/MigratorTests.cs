using Gatehouse.Migrations;
using Gatehouse.Persistence;
using Gatehouse.Testing.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Persistence;

/// <summary>On a server of its own: roles belong to the whole server.</summary>
public sealed class MigratorTests : IAsyncLifetime
{
    private PostgresServer _server = null!;

    public async Task InitializeAsync() => _server = await PostgresServer.StartNewAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Migrate_FreshDatabaseThenAgain_AppliesOnce()
    {
        var owner = await CreateDatabaseAsync("fresh", PostgresServer.Owner);
        Assert.NotEmpty(await Migrator.MigrateAsync(owner, new LoginPasswords("app-password", "compiler-password")));
        Assert.Empty(await Migrator.MigrateAsync(owner, new LoginPasswords("app-password", "compiler-password")));
    }

    [Fact]
    public async Task Migrate_EightAtOnce_ApplyOnce()
    {
        var owner = await CreateDatabaseAsync("parallel", PostgresServer.Owner);
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Migrator.MigrateAsync(owner, new LoginPasswords("p", "q")))));
        Assert.Single(applied, migrations => migrations.Count > 0);
    }

    [Fact]
    public async Task Migrate_DatabaseOfANewerVersion_IsRefused()
    {
        var owner = await CreateDatabaseAsync("newer", PostgresServer.Owner);
        await Migrator.MigrateAsync(owner, new LoginPasswords());
        await _server.ExecuteAsync("newer", """INSERT INTO schema_migrations VALUES ('29990101000000_Future', '99.0.0')""");
        var exception = await Assert.ThrowsAsync<DatabaseIsNewerException>(() => Migrator.MigrateAsync(owner, new LoginPasswords()));
        Assert.Equal("29990101000000_Future", exception.Migration);
    }

    [Fact]
    public async Task Migrate_OwnerMayNotCreateRoles_SaysWhatToRun()
    {
        await _server.ExecuteAsync("postgres", "CREATE ROLE plain LOGIN");
        var owner = await CreateDatabaseAsync("plain", "plain");
        var exception = await Assert.ThrowsAsync<RolesMissingException>(() => Migrator.MigrateAsync(owner, new LoginPasswords()));
        Assert.DoesNotContain('\n', exception.Message);

        await _server.ExecuteAsync("postgres", exception.Sql);
        Assert.NotEmpty(await Migrator.MigrateAsync(owner, new LoginPasswords()));
        var unset = await Assert.ThrowsAsync<PasswordNotSetException>(() => Migrator.MigrateAsync(owner, new LoginPasswords(Compiler: "secret")));
        Assert.Contains(DatabaseRoles.Compiler, unset.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", unset.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_ModelAndMigrations_Agree()
    {
        var owner = await CreateDatabaseAsync("model", PostgresServer.Owner);
        await using var db = new GatehouseDbContext(
            (DbContextOptions<GatehouseDbContext>)new DbContextOptionsBuilder<GatehouseDbContext>().UseGatehouse(owner).Options);
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Migrate_HostnamesOfTheVersionBefore_AreLookedAtLikeNewOnes()
    {
        var owner = await CreateDatabaseAsync("older", PostgresServer.Owner);
        await Migrator.MigrateAsync(await CreateDatabaseAsync("roles", PostgresServer.Owner), new LoginPasswords());
        await using (var db = new GatehouseDbContext((DbContextOptions<GatehouseDbContext>)new DbContextOptionsBuilder<GatehouseDbContext>().UseGatehouse(owner).Options))
            await db.GetService<IMigrator>().MigrateAsync("20261130110357_Clusters");
        await _server.ExecuteAsync("older", """
            INSERT INTO tenants (id, name, display_name, labels, created_at, updated_at) VALUES ('00000000-0000-0000-0000-000000000001', 'shop', '', '{}', now(), now());
            INSERT INTO resources (tenant_id, id, kind, name, labels, annotations, spec, generation, created_at, updated_at)
                VALUES ('00000000-0000-0000-0000-000000000001', gen_random_uuid(), 'Hostname', 'a.example.com', '{}', '{}', '{}', 1, now(), now());
            INSERT INTO hostname_claims (tenant_id, id, hostname, state, created_at)
                VALUES ('00000000-0000-0000-0000-000000000001', gen_random_uuid(), 'a.example.com', 'Verified', now())
            """);

        await Migrator.MigrateAsync(owner, new LoginPasswords());

        await _server.ExecuteAsync("older", """
            DO $$ BEGIN
                ASSERT (SELECT count(*) FROM hostname_checks WHERE hostname = 'a.example.com') = 1, 'not looked at';
                ASSERT (SELECT count(*) FROM certificate_issuances WHERE state = 'Waiting') = 1, 'no certificate';
                ASSERT (SELECT proof FROM hostname_claims) = 'Approval', 'taken away with the next look';
                ASSERT (SELECT count(*) FROM pg_policies WHERE policyname = 'migration') = 0, 'a door left open';
            END $$
            """);
    }

    [Fact]
    public async Task Migrate_WithPasswords_LoginsAskForThem()
    {
        var owner = await CreateDatabaseAsync("passwords", PostgresServer.Owner);
        await Migrator.MigrateAsync(owner, new LoginPasswords("app-password", "compiler-password"));
        await _server.RequirePasswordAsync("passwords", DatabaseRoles.App);

        await OpenAsync("app-password");
        var exception = await Assert.ThrowsAsync<PostgresException>(() => OpenAsync("another"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, exception.SqlState);
    }

    private async Task OpenAsync(string password)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(_server.ConnectionString("passwords", DatabaseRoles.App, pooling: false)) { Password = password };
        await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync();
    }

    private async Task<string> CreateDatabaseAsync(string name, string owner)
    {
        await _server.ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {owner}");
        return _server.ConnectionString(name, owner, pooling: false);
    }
}
