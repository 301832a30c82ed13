using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Postgres;
using Npgsql;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>An instance's own database as its superuser sees it, for what no API shows.</summary>
internal static class InstanceDatabase
{
    public static NpgsqlConnectionStringBuilder Superuser(StandaloneInstance instance) => new()
    {
        Host = PostgresSocket.DirectoryFor(instance.DataDirectory, out _),
        Username = "postgres",
        Password = Secrets.Load(Path.Combine(instance.DataDirectory, "secrets.json")).PostgresPassword,
        Database = "gatehouse",
        Pooling = false,
    };

    public static async Task<NpgsqlConnection> OpenAsync(StandaloneInstance instance)
    {
        var connection = new NpgsqlConnection(Superuser(instance).ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The number that a query returns.</summary>
    public static async Task<long> CountAsync(StandaloneInstance instance, string query)
    {
        await using var connection = await OpenAsync(instance);
        await using var command = new NpgsqlCommand(query, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
