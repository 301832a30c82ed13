using System.Text.Json;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Npgsql;
using NpgsqlTypes;

namespace Gatehouse.Control.Clusters;

/// <summary>Writes and reads the rows of reports and shards.</summary>
internal static class ClusterReportRows
{
    /// <summary>Rows that one statement writes: the text of a report may have some kilobytes.</summary>
    private const int BatchSize = 1_000;

    // A report that says the same again is no change that others would have to read.
    private const string UpsertObjects = """
        INSERT INTO cluster_object_reports AS held (cluster, kind, tenant, name, report, change, changed_at)
        SELECT @cluster, kind, tenant, name, report::json, nextval('cluster_object_change'), now()
        FROM unnest(@kinds, @tenants, @names, @reports) AS changed (kind, tenant, name, report)
        ON CONFLICT (cluster, kind, tenant, name) DO UPDATE SET report = excluded.report, change = excluded.change, changed_at = excluded.changed_at
        WHERE held.report::text IS DISTINCT FROM excluded.report::text
        """;

    private const string UpsertCluster = """
        INSERT INTO cluster_reports (cluster, report, reported_at, change)
        VALUES (@cluster, @report::json, clock_timestamp(), coalesce((SELECT max(change) FROM cluster_object_reports WHERE cluster = @cluster), 0))
        ON CONFLICT (cluster) DO UPDATE SET report = excluded.report, reported_at = excluded.reported_at, change = greatest(cluster_reports.change, excluded.change)
        """;

    private const string SaveShards = """
        INSERT INTO cluster_shards AS held (cluster, scope, items)
        SELECT @cluster, scope, items::jsonb FROM unnest(@scopes, @items) AS wanted (scope, items)
        ON CONFLICT (cluster, scope) DO UPDATE SET items = excluded.items WHERE held.items <> excluded.items
        """;

    /// <summary>Stores reports on objects; null forgets one.</summary>
    public static async Task SaveObjectsAsync(
        NpgsqlConnection connection, Guid cluster, IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> changed, CancellationToken cancellationToken)
    {
        foreach (var batch in changed.OrderBy(static pair => pair.Key).Chunk(BatchSize))
        {
            await using var command = new NpgsqlCommand(UpsertObjects, connection);
            command.Parameters.AddWithValue("cluster", cluster);
            command.Parameters.AddWithValue("kinds", batch.Select(static pair => pair.Key.Kind).ToArray());
            command.Parameters.AddWithValue("tenants", batch.Select(static pair => pair.Key.Tenant).ToArray());
            command.Parameters.AddWithValue("names", batch.Select(static pair => pair.Key.Name).ToArray());
            command.Parameters.AddWithValue("reports", NpgsqlDbType.Array | NpgsqlDbType.Text, batch.Select(static pair => pair.Value is { } report ? JsonSerializer.Serialize(report, ClusterJson.Options) : null).ToArray());
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Reads the cluster's own report; null: there is none.</summary>
    public static async Task<ClusterReport?> LoadClusterAsync(NpgsqlDataSource database, Guid cluster, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT report::text FROM cluster_reports WHERE cluster = @cluster");
        command.Parameters.AddWithValue("cluster", cluster);
        return await command.ExecuteScalarAsync(cancellationToken) is string text ? JsonSerializer.Deserialize<ClusterReport>(text, ClusterJson.Options) : null;
    }

    /// <summary>Stores the cluster's own report, after those of its objects, and tells who listens.</summary>
    public static async Task SaveClusterAsync(NpgsqlConnection connection, Guid cluster, ClusterReport report, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{UpsertCluster}; NOTIFY {ClusterSignals.ReportChannel}", connection);
        command.Parameters.AddWithValue("cluster", cluster);
        command.Parameters.AddWithValue("report", JsonSerializer.Serialize(report with { ReportedAt = default }, ClusterJson.Options));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reports on the objects of a cluster.</summary>
    public static async Task<IReadOnlyDictionary<ResourceKey, ClusterObjectReport>> LoadObjectsAsync(NpgsqlDataSource database, Guid cluster, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT kind, tenant, name, report::text FROM cluster_object_reports WHERE cluster = @cluster AND report IS NOT NULL");
        command.Parameters.AddWithValue("cluster", cluster);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var reports = new Dictionary<ResourceKey, ClusterObjectReport>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (ReadObject(reader.GetString(3)) is { } report)
                reports[new ResourceKey(reader.GetString(0), reader.GetString(1), reader.GetString(2))] = report;
        }
        return reports;
    }

    /// <summary>A stored report; null: another version wrote what this one cannot read.</summary>
    public static ClusterObjectReport? ReadObject(string json) => Read<ClusterObjectReport>(json);

    /// <summary>A cluster's own report; null: another version wrote what this one cannot read.</summary>
    public static ClusterReport? ReadCluster(string json) => Read<ClusterReport>(json);

    /// <summary>Stores shards.</summary>
    public static async Task SaveShardsAsync(NpgsqlConnection connection, Guid cluster, ShardAssignments shards, CancellationToken cancellationToken)
    {
        var scopes = shards.Scopes.OrderBy(static scope => scope.Key, StringComparer.Ordinal).ToArray();
        await using var command = new NpgsqlCommand($"DELETE FROM cluster_shards WHERE cluster = @cluster AND scope <> ALL (@scopes); {SaveShards}", connection);
        command.Parameters.AddWithValue("cluster", cluster);
        command.Parameters.AddWithValue("scopes", scopes.Select(static scope => scope.Key).ToArray());
        command.Parameters.AddWithValue("items", scopes.Select(static scope => JsonSerializer.Serialize(scope.Value, ClusterJson.Options)).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The shards that are stored.</summary>
    public static async Task<ShardAssignments> LoadShardsAsync(NpgsqlDataSource database, Guid cluster, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT scope, items::text FROM cluster_shards WHERE cluster = @cluster");
        command.Parameters.AddWithValue("cluster", cluster);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var scopes = new Dictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            scopes[reader.GetString(0)] = JsonSerializer.Deserialize<Dictionary<string, int>>(reader.GetString(1), ClusterJson.Options) ?? [];
        return new ShardAssignments { Scopes = scopes };
    }

    private static T? Read<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, ClusterJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
