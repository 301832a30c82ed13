using System.Data;
using Gatehouse.Gateway.Resources;
using Npgsql;

namespace Gatehouse.Control.Clusters;

/// <summary>Reads into memory what is new of the stored reports.</summary>
internal sealed class ClusterReportReader(NpgsqlDataSource database, ClusterReports reports, ChangeBell bell, TimeProvider clock)
{
    /// <summary>How long the database remembers that an object was forgotten.</summary>
    public static readonly TimeSpan TombstoneLife = TimeSpan.FromMinutes(10);

    private const string Clusters = """
        SELECT resources.id, resources.name, reports.report::text, reports.reported_at, clock_timestamp() - reports.reported_at, reports.change
        FROM cluster_reports AS reports JOIN resources ON resources.id = reports.cluster AND resources.kind = 'Cluster'
        """;

    private const string Objects =
        "SELECT kind, tenant, name, report::text, change FROM cluster_object_reports WHERE cluster = @cluster AND change > @after ORDER BY change";

    private long? _readAt;

    /// <summary>Reads what is new, and everything when so much time has passed that what was forgotten meanwhile may be forgotten by the database too.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var startOver = _readAt is not { } last || clock.GetElapsedTime(last) > TombstoneLife / 2;
        var readAt = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var changed = false;
        var rows = await ClustersAsync(connection, cancellationToken);
        foreach (var row in rows)
            changed |= await TakeAsync(connection, row, startOver, cancellationToken);
        changed |= reports.Keep(rows.Select(static row => row.Name).ToHashSet(StringComparer.Ordinal));
        _readAt = readAt;
        if (changed)
            bell.Ring();
    }

    private static async Task<List<StoredCluster>> ClustersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Clusters, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<StoredCluster>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new StoredCluster(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetTimeSpan(4), reader.GetInt64(5)));
        }
        return rows;
    }

    private async Task<bool> TakeAsync(NpgsqlConnection connection, StoredCluster row, bool startOver, CancellationToken cancellationToken)
    {
        var known = reports.Find(row.Name);
        if (startOver || known?.Id != row.Id || known.Change > row.Change)
            known = null; // the database may also be an older one, restored from a backup
        if (known is not null && known.Change == row.Change && known.StoredAt == row.StoredAt && known.Stored == row.Report)
            return false;
        var report = known?.Stored == row.Report ? known.Report : ClusterReportRows.ReadCluster(row.Report);
        if (report is null)
            return false;
        var objects = known?.Objects ?? new();
        var change = await ObjectsAsync(connection, row.Id, known?.Change ?? 0, objects, cancellationToken);
        reports.Set(row.Name, new KnownCluster(row.Id, row.Report, row.StoredAt, Math.Max(change, row.Change), report with { ReportedAt = clock.GetUtcNow() - row.Age }) { Objects = objects });
        return true;
    }

    private static async Task<long> ObjectsAsync(
        NpgsqlConnection connection, Guid cluster, long after, IDictionary<ResourceKey, ClusterObjectReport> objects, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Objects, connection);
        command.Parameters.AddWithValue("cluster", cluster);
        command.Parameters.AddWithValue("after", after);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = new ResourceKey(reader.GetString(0), reader.GetString(1), reader.GetString(2));
            if (!await reader.IsDBNullAsync(3, cancellationToken) && ClusterReportRows.ReadObject(reader.GetString(3)) is { } report)
                objects[key] = report;
            else
                objects.Remove(key);
            after = reader.GetInt64(4);
        }
        return after;
    }

    private sealed record StoredCluster(Guid Id, string Name, string Report, DateTimeOffset StoredAt, TimeSpan Age, long Change);
}
