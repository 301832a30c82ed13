using Npgsql;

namespace Gatehouse.Control.Clusters;

/// <summary>
/// Leases on clusters. A lease ends by the database's clock alone, and its epoch grows with each holder, so that a worker that was paused for
/// longer than its lease finds out by its next write.
/// </summary>
internal sealed class ClusterLeases(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>A worker that cannot renew soon has to stop anyway.</summary>
    private const int PatienceSeconds = 5;

    private const string Acquire = """
        INSERT INTO cluster_leases AS held (cluster, holder, epoch, expires_at)
        SELECT @cluster, @holder, 1, clock_timestamp() + @duration
        WHERE EXISTS (SELECT FROM resources WHERE kind = 'Cluster' AND id = @cluster)
        ON CONFLICT (cluster) DO UPDATE SET
            holder = excluded.holder, expires_at = excluded.expires_at,
            epoch = held.epoch + CASE WHEN held.holder IS NOT DISTINCT FROM excluded.holder THEN 0 ELSE 1 END
        WHERE held.holder IS NULL OR held.holder = excluded.holder OR held.expires_at <= clock_timestamp()
        RETURNING epoch
        """;

    // The epoch stays, and nobody holds it: not even the same worker writes on under it.
    private const string Release = """
        UPDATE cluster_leases SET holder = NULL, expires_at = clock_timestamp() WHERE cluster = @cluster AND holder = @holder AND epoch = @epoch
        """;

    // A process that is stopped amid a transaction keeps its locks from whoever takes over, until Postgres ends its session.
    private const string Begin = "SET LOCAL idle_in_transaction_session_timeout = '5s'";

    private const string Lock = """
        SELECT FROM cluster_leases WHERE cluster = @cluster AND holder = @holder AND epoch = @epoch AND expires_at > clock_timestamp() FOR UPDATE
        """;

    /// <summary>Takes or renews a lease; null: another worker has it, or there is no such cluster.</summary>
    public async Task<ClusterLease?> AcquireAsync(Guid cluster, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var askedAt = clock.GetTimestamp();
        await using var command = database.CreateCommand(Acquire);
        command.CommandTimeout = PatienceSeconds;
        command.Parameters.AddWithValue("cluster", cluster);
        command.Parameters.AddWithValue("holder", holder);
        command.Parameters.AddWithValue("duration", duration);
        return await command.ExecuteScalarAsync(cancellationToken) is long epoch ? new ClusterLease(cluster, holder, epoch, askedAt) : null;
    }

    /// <summary>Gives a lease back.</summary>
    public async Task ReleaseAsync(ClusterLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Release);
        command.CommandTimeout = PatienceSeconds;
        AddTo(command, lease);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Runs something under a lease. What is written counts only if the lease still holds at the end, and nobody takes over from then until it
    /// is committed. The lease's row is locked last, so that a worker which is stopped while it writes keeps nobody from taking over.
    /// </summary>
    /// <exception cref="LeaseLostException">Another worker has taken over, or the lease ran out.</exception>
    public async Task UnderAsync(ClusterLease lease, Func<NpgsqlConnection, Task> write, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var begin = new NpgsqlCommand(Begin, connection) { CommandTimeout = PatienceSeconds })
            await begin.ExecuteNonQueryAsync(cancellationToken);
        await write(connection);
        await using (var command = new NpgsqlCommand(Lock, connection) { CommandTimeout = PatienceSeconds })
        {
            AddTo(command, lease);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
                throw new LeaseLostException(lease.Cluster, lease.Epoch);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The parameters cluster, holder and epoch.</summary>
    public static void AddTo(NpgsqlCommand command, ClusterLease lease)
    {
        command.Parameters.AddWithValue("cluster", lease.Cluster);
        command.Parameters.AddWithValue("holder", lease.Holder);
        command.Parameters.AddWithValue("epoch", lease.Epoch);
    }
}
