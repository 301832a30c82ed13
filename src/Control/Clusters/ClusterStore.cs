using System.Data;
using Gatehouse.Control.Loading;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Clusters;
using Gatehouse.Persistence.Tenancy;
using Npgsql;

namespace Gatehouse.Control.Clusters;

/// <summary>What sync workers keep, by the login <c>gatehouse_compiler</c>.</summary>
internal sealed class ClusterStore(
    NpgsqlDataSource database, ClusterLeases leases, ClusterSecrets secrets, ClusterSignals signals, ControlOptions options) : IClusterStore
{
    private const string NextTask = """
        SELECT tasks.id, tasks.kind, tasks.request FROM cluster_tasks AS tasks JOIN cluster_leases AS held ON held.cluster = tasks.cluster
        WHERE tasks.cluster = @cluster AND held.holder = @holder AND held.epoch = @epoch AND held.expires_at > clock_timestamp()
          AND tasks.done_at IS NULL AND tasks.expires_at > clock_timestamp()
        ORDER BY tasks.created_at, tasks.id LIMIT 1
        """;

    private const string Answer = $"""
        UPDATE cluster_tasks SET answer = @answer, done_at = clock_timestamp() WHERE id = @id AND cluster = @cluster AND done_at IS NULL;
        NOTIFY {ClusterTasks.AnswerChannel}
        """;

    public Task<ClusterLease?> AcquireAsync(Guid cluster, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        leases.AcquireAsync(cluster, holder, duration, cancellationToken);

    public Task ReleaseAsync(ClusterLease lease, CancellationToken cancellationToken) => leases.ReleaseAsync(lease, cancellationToken);

    public Task<byte[]?> KubeconfigAsync(Guid cluster, CancellationToken cancellationToken) => secrets.KubeconfigAsync(cluster, cancellationToken);

    public Task<IReadOnlyDictionary<ResourceKey, byte[]>> PrivateKeysAsync(IReadOnlyCollection<CertificateKeyWanted> certificates, CancellationToken cancellationToken) =>
        secrets.PrivateKeysAsync(certificates, cancellationToken);

    public Task<ShardAssignments> ShardsAsync(Guid cluster, CancellationToken cancellationToken) => ClusterReportRows.LoadShardsAsync(database, cluster, cancellationToken);

    public Task SaveShardsAsync(ClusterLease lease, ShardAssignments shards, CancellationToken cancellationToken) =>
        leases.UnderAsync(lease, connection => ClusterReportRows.SaveShardsAsync(connection, lease.Cluster, shards, cancellationToken), cancellationToken);

    public Task<IReadOnlyDictionary<ResourceKey, ClusterObjectReport>> ReportsAsync(Guid cluster, CancellationToken cancellationToken) =>
        ClusterReportRows.LoadObjectsAsync(database, cluster, cancellationToken);

    public Task<ClusterReport?> ReportAsync(Guid cluster, CancellationToken cancellationToken) => ClusterReportRows.LoadClusterAsync(database, cluster, cancellationToken);

    public Task SaveReportsAsync(
        ClusterLease lease, ClusterReport report, IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> changed, CancellationToken cancellationToken) =>
        leases.UnderAsync(
            lease,
            async connection =>
            {
                await ClusterReportRows.SaveObjectsAsync(connection, lease.Cluster, changed, cancellationToken);
                await ClusterReportRows.SaveClusterAsync(connection, lease.Cluster, report, cancellationToken);
            },
            cancellationToken);

    public async Task<IReadOnlySet<ResourceKey>?> ChangedSinceAsync(long revision, CancellationToken cancellationToken)
    {
        // One snapshot: a newer revision's changes must not be half there.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT number FROM revision_head", connection);
        var head = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (head < revision)
            return null;
        if (await ChangedObjects.ReadAsync(connection, revision, head, options.ReloadThreshold, cancellationToken) is not { } changed)
            return null;
        var keys = changed.Resources;
        keys.UnionWith(changed.Tenants.Select(static tenant => new ResourceKey(Tenant.Kind, ResourceKind.PlatformTenant, tenant)));
        keys.UnionWith(changed.Claims.Select(static claim => new ResourceKey(ResourceKind.Hostname, claim.Tenant, claim.Hostname)));
        return keys;
    }

    public async Task<ClusterTask?> NextTaskAsync(ClusterLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(NextTask);
        ClusterLeases.AddTo(command, lease);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new ClusterTask(reader.GetGuid(0), reader.GetString(1), reader.GetString(2)) : null;
    }

    public Task AnswerAsync(ClusterLease lease, Guid id, string answer, CancellationToken cancellationToken) =>
        leases.UnderAsync(
            lease,
            async connection =>
            {
                await using var command = new NpgsqlCommand(Answer, connection);
                command.Parameters.AddWithValue("id", id);
                command.Parameters.AddWithValue("cluster", lease.Cluster);
                command.Parameters.AddWithValue("answer", answer);
                await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);

    public Task WaitForTasksAsync(TimeSpan longest, CancellationToken cancellationToken) => signals.WaitForTasksAsync(longest, cancellationToken);
}
