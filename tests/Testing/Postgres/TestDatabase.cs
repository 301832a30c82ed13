using Gatehouse.Migrations;
using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gatehouse.Testing.Postgres;

/// <summary>A database of one's own on the test run's server, migrated, with the tenants platform, shop and payments.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>Id of the tenant <c>platform</c>.</summary>
    public static readonly Guid PlatformId = new("0190a000-0000-7000-8000-000000000001");

    /// <summary>Id of the tenant <c>shop</c>.</summary>
    public static readonly Guid ShopId = new("0190a000-0000-7000-8000-000000000002");

    /// <summary>Id of the tenant <c>payments</c>.</summary>
    public static readonly Guid PaymentsId = new("0190a000-0000-7000-8000-000000000003");

    private TestDatabase(PostgresServer server, string name)
    {
        Server = server;
        Name = name;
    }

    /// <summary>The server.</summary>
    public PostgresServer Server { get; }

    /// <summary>Name of the database.</summary>
    public string Name { get; }

    /// <summary>Connection string of the login that the API uses.</summary>
    public string App => Server.ConnectionString(Name, DatabaseRoles.App);

    /// <summary>Connection string of the login that the compile host uses.</summary>
    public string Compiler => Server.ConnectionString(Name, DatabaseRoles.Compiler);

    /// <summary>Connection string of the owner.</summary>
    public string Owner => Server.ConnectionString(Name, PostgresServer.Owner);

    /// <summary>Connection string of the superuser.</summary>
    public string Superuser => Server.ConnectionString(Name, "postgres");

    /// <summary>A database with the three tenants.</summary>
    public static async Task<TestDatabase> CreateAsync(PostgresServer? server = null) =>
        await CreateAsync(server ?? await PostgresServer.SharedAsync(), withTenants: true);

    /// <summary>A migrated database without any row.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(PostgresServer? server = null) =>
        await CreateAsync(server ?? await PostgresServer.SharedAsync(), withTenants: false);

    /// <summary>A new context of a login (default: the API's).</summary>
    public GatehouseDbContext NewContext(string? connectionString = null) =>
        new((DbContextOptions<GatehouseDbContext>)new DbContextOptionsBuilder<GatehouseDbContext>().UseGatehouse(connectionString ?? App).Options);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var connectionString in new[] { App, Compiler, Owner, Superuser })
        {
            await using var connection = new NpgsqlConnection(connectionString);
            NpgsqlConnection.ClearPool(connection);
        }

        await Server.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    private static async Task<TestDatabase> CreateAsync(PostgresServer server, bool withTenants)
    {
        var database = new TestDatabase(server, server.NextDatabaseName());
        await server.Templates.CloneAsync(database.Name, withTenants);
        return database;
    }
}
