using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control.Feed;
using Npgsql;
using NpgsqlTypes;

namespace Gatehouse.Control.Replicas;

/// <summary>Keeps one row for each replica, so that every control process knows all of them. Ages are measured by the database's clock.</summary>
internal sealed class ReplicaStore(NpgsqlDataSource database, ReplicaRegistry registry, TimeProvider clock) : IDisposable
{
    /// <summary>Channel that tells other control processes of a stored report.</summary>
    public const string Channel = "gatehouse_acknowledgement";

    private const string Upsert = """
        INSERT INTO replica_acknowledgements (pool, replica, applied_revision, state, health, health_version, last_seen_at)
        VALUES (@pool, @replica, @revision, @state, @health, CASE WHEN @health IS NULL THEN 0 ELSE 1 END, now() - @age)
        ON CONFLICT (pool, replica) DO UPDATE SET
            applied_revision = excluded.applied_revision, state = excluded.state, last_seen_at = excluded.last_seen_at,
            health = coalesce(excluded.health, replica_acknowledgements.health),
            health_version = replica_acknowledgements.health_version + excluded.health_version
        """;

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<(string, string), long> _healthVersions = [];
    private readonly Dictionary<(string, string), (object? Health, long At)> _savedHealth = [];

    /// <summary>Says that another process stored something.</summary>
    public void Nudge()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    /// <summary>Waits for a nudge.</summary>
    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _wake.WaitAsync(longest, cancellationToken);

    /// <summary>Stores what this process heard since the last time.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var unsaved = registry.TakeUnsaved();
        if (unsaved.Count == 0)
            return;
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            foreach (var state in unsaved)
                await SaveAsync(connection, state, cancellationToken);
            await using var notify = new NpgsqlCommand($"NOTIFY {Channel}", connection);
            await notify.ExecuteNonQueryAsync(cancellationToken);
        }
        catch
        {
            foreach (var state in unsaved)
                registry.PutBack(state);
            throw;
        }
    }

    /// <summary>Reads what other processes stored.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var changed = new List<StoredReplica>();
        await using (var command = new NpgsqlCommand("SELECT pool, replica, state::text, health_version, now() - last_seen_at FROM replica_acknowledgements", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                changed.Add(new StoredReplica(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetTimeSpan(4)));
        }

        var own = registry.All.ToDictionary(replica => (replica.Pool, replica.Replica));
        foreach (var row in changed)
        {
            own.TryGetValue((row.Pool, row.Replica), out var known);
            await LearnAsync(connection, row, known, cancellationToken);
        }
    }

    /// <summary>Deletes replicas that have been silent for long.</summary>
    public async Task ExpireAsync(TimeSpan expiry, CancellationToken cancellationToken)
    {
        registry.Expire();
        await using var command = database.CreateCommand("DELETE FROM replica_acknowledgements WHERE last_seen_at < now() - @expiry");
        command.Parameters.AddWithValue("expiry", expiry);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose() => _wake.Dispose();

    private async Task SaveAsync(NpgsqlConnection connection, ReplicaState state, CancellationToken cancellationToken)
    {
        var key = (state.Pool, state.Replica);
        var healthChanged = !_savedHealth.TryGetValue(key, out var saved) || !ReferenceEquals(saved.Health, state.Health);

        // The health of a hundred thousand backends is written when it changed, and not ten times a second.
        if (healthChanged && saved.Health is not null && clock.GetElapsedTime(saved.At) < PauseFor(state))
        {
            healthChanged = false;
            registry.PutBack(state);
        }

        await using var command = new NpgsqlCommand(Upsert, connection);
        command.Parameters.AddWithValue("pool", state.Pool);
        command.Parameters.AddWithValue("replica", state.Replica);
        command.Parameters.AddWithValue("revision", state.AppliedRevision);
        command.Parameters.AddWithValue("state", NpgsqlDbType.Jsonb, JsonSerializer.Serialize(state with { Health = null }, FeedJson.Options));
        command.Parameters.Add(new NpgsqlParameter("health", NpgsqlDbType.Bytea)
        {
            Value = healthChanged && state.Health is { } health ? Compress(health) : DBNull.Value,
        });
        command.Parameters.AddWithValue("age", clock.GetUtcNow() - state.LastSeenAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
        if (healthChanged)
            _savedHealth[key] = (state.Health, clock.GetTimestamp());
    }

    private static TimeSpan PauseFor(ReplicaState state) => TimeSpan.FromMilliseconds((state.Health?.Count ?? 0) / 10.0);

    private async Task LearnAsync(NpgsqlConnection connection, StoredReplica row, ReplicaState? known, CancellationToken cancellationToken)
    {
        var lastSeenAt = clock.GetUtcNow() - row.Age;
        if (known is not null && known.LastSeenAt >= lastSeenAt - TimeSpan.FromMilliseconds(1))
            return;
        if (JsonSerializer.Deserialize<ReplicaState>(row.State, FeedJson.Options) is not { } stored)
            return;
        var key = (row.Pool, row.Replica);
        var health = known?.Health;
        if (!_healthVersions.TryGetValue(key, out var version) || version != row.HealthVersion || health is null)
        {
            health = await ReadHealthAsync(connection, row, cancellationToken);
            _healthVersions[key] = row.HealthVersion;
        }

        registry.Learn(stored with { LastSeenAt = lastSeenAt, Health = health });
        registry.Ring();
    }

    private static async Task<ImmutableDictionary<string, IReadOnlyList<EndpointReport>>?> ReadHealthAsync(
        NpgsqlConnection connection, StoredReplica row, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT health FROM replica_acknowledgements WHERE pool = @pool AND replica = @replica", connection);
        command.Parameters.AddWithValue("pool", row.Pool);
        command.Parameters.AddWithValue("replica", row.Replica);
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] compressed ? Decompress(compressed) : null;
    }

    private static byte[] Compress(IReadOnlyDictionary<string, IReadOnlyList<EndpointReport>> health)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
            JsonSerializer.Serialize(gzip, health, FeedJson.Options);
        return buffer.ToArray();
    }

    private static ImmutableDictionary<string, IReadOnlyList<EndpointReport>>? Decompress(byte[] compressed)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<EndpointReport>>>(gzip, FeedJson.Options)?.ToImmutableDictionary(StringComparer.Ordinal);
    }

    private sealed record StoredReplica(string Pool, string Replica, string State, long HealthVersion, TimeSpan Age);
}
