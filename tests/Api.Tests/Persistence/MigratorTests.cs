using Gatehouse.Migrations;
using Gatehouse.Persistence;
using Gatehouse.Testing.Postgres;
using Microsoft.EntityFrameworkCore;
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
