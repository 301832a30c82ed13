using System.Data;
using Gatehouse.Gateway.Compilation;
using Npgsql;

namespace Gatehouse.Control.Loading;

/// <summary>Reads the compiler's inputs, each time from one snapshot of the database together with the revision it belongs to.</summary>
internal sealed class InputLoader(NpgsqlDataSource database, ControlOptions options)
{
    private const string Head = "SELECT number, coalesce((SELECT max(committed_at) FROM revisions WHERE revisions.number = revision_head.number), now()) FROM revision_head";

    /// <summary>Number of the newest revision: what the poll asks.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT number FROM revision_head");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Everything.</summary>
    public Task<LoadedInputs> LoadAllAsync(CancellationToken cancellationToken) => InSnapshotAsync(LoadAllAsync, cancellationToken);

    /// <summary>What changed after a revision; everything if that is not worth it, or if the database is older than that.</summary>
    public Task<LoadedInputs> LoadSinceAsync(long revision, CancellationToken cancellationToken) =>
        InSnapshotAsync((snapshot, token) => LoadSinceAsync(snapshot, revision, token), cancellationToken);

    private async Task<LoadedInputs> InSnapshotAsync(
        Func<NpgsqlConnection, CancellationToken, Task<LoadedInputs>> load, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var inputs = await load(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return inputs;
    }

    private static async Task<(long Number, DateTimeOffset CommittedAt)> HeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Head, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    private async Task<LoadedInputs> LoadAllAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (number, committedAt) = await HeadAsync(connection, cancellationToken);
        var rows = new InputRows(connection);
        await rows.ReadTenantsAsync(null, cancellationToken);
        await rows.ReadAllResourcesAsync(null, cancellationToken);
        await rows.ReadAllClaimsAsync(null, cancellationToken);
        await rows.ReadAllChallengesAsync(null, cancellationToken);
        await new QuarantineRows(connection, options.Quarantine, rows.Changes).ReadAllAsync(cancellationToken);
        return new LoadedInputs(number, committedAt, rows.Changes, rows.Faults) { IsComplete = true };
    }

    private async Task<LoadedInputs> LoadSinceAsync(NpgsqlConnection connection, long revision, CancellationToken cancellationToken)
    {
        var (number, committedAt) = await HeadAsync(connection, cancellationToken);
        if (number < revision)
            return await LoadAllAsync(connection, cancellationToken);
        var changed = await ChangedObjects.ReadAsync(connection, revision, number, options.ReloadThreshold, cancellationToken);
        if (changed is null)
            return await LoadAllAsync(connection, cancellationToken);

        var rows = new InputRows(connection);
        await ReadTenantsAsync(rows, changed, cancellationToken);
        await rows.ReadResourcesAsync(changed.Resources, cancellationToken);
        await rows.ReadClaimsAsync(changed.Claims, cancellationToken);
        await rows.ReadChallengesAsync(changed.Challenges, cancellationToken);
        await new QuarantineRows(connection, options.Quarantine, rows.Changes).ReadAsync(changed.Claims.Select(claim => claim.Hostname), cancellationToken);
        return new LoadedInputs(number, committedAt, rows.Changes, rows.Faults);
    }

    /// <summary>A tenant that went and came back under the same name is another tenant: the old one's objects go first.</summary>
    private static async Task ReadTenantsAsync(InputRows rows, ChangedObjects changed, CancellationToken cancellationToken)
    {
        if (changed.Tenants.Count == 0)
            return;
        foreach (var tenant in changed.ReplacedTenants)
            rows.Changes.Add(new TenantRemoval(tenant));
        var present = await rows.ReadTenantsAsync(changed.Tenants, cancellationToken);
        foreach (var tenant in changed.Tenants.Except(present).Except(changed.ReplacedTenants))
            rows.Changes.Add(new TenantRemoval(tenant));
        var renewed = changed.ReplacedTenants.Intersect(present).ToArray();
        if (renewed.Length == 0)
            return;
        await rows.ReadAllResourcesAsync(renewed, cancellationToken);
        await rows.ReadAllClaimsAsync(renewed, cancellationToken);
        await rows.ReadAllChallengesAsync(renewed, cancellationToken);
    }
}
