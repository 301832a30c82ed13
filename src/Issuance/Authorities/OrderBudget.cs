using Npgsql;

namespace Gatehouse.Issuance.Authorities;

/// <summary>A place for an order, or why there is none.</summary>
/// <param name="Id">The place; null: there is none, or it was only asked whether there is.</param>
/// <param name="Obstacle">What stands in the way.</param>
/// <param name="FreeAt">When there is one again at the earliest.</param>
/// <param name="Waiting">How many certificates of the tenant wait for one.</param>
internal sealed record BudgetPlace(long? Id, BudgetRule.Obstacle Obstacle, DateTimeOffset FreeAt, int Waiting)
{
    public bool IsThere => Obstacle == BudgetRule.Obstacle.None;
}

/// <summary>Counts the orders of the last hour (<c>acme_orders</c>), for all processes, and whether one more fits.</summary>
internal sealed class OrderBudget(IssuanceDatabase database, IssuanceOptions options, TimeProvider clock)
{
    /// <summary>What the limits are for.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>The step at which a certificate waits for a place.</summary>
    public const string Step = "Budget";

    private const string Count = """
        SELECT count(*)::int, (count(*) FILTER (WHERE ordered_by = @tenant))::int FROM acme_orders WHERE directory = @directory AND ordered_at > @since
        """;

    private const string Oldest = """
        SELECT ordered_at, (SELECT count(*)::int FROM certificate_issuances WHERE tenant_id = @tenant AND step = 'Budget') FROM acme_orders
        WHERE directory = @directory AND ordered_at > @since AND (ordered_by = @tenant OR NOT @own) ORDER BY ordered_at OFFSET @skip LIMIT 1
        """;

    private readonly BudgetRule _rule = new(options.Budget);

    /// <summary>Looks whether there is a place, before any work is done for an order.</summary>
    public async Task<BudgetPlace> LookAsync(Uri directory, Guid tenantId, bool isRenewal, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await DecideAsync(connection, directory, tenantId, isRenewal, cancellationToken);
    }

    /// <summary>Takes a place, if there is one. One process at a time, so that together they do not take more.</summary>
    public async Task<BudgetPlace> TakeAsync(Uri directory, Guid tenantId, bool isRenewal, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var exclude = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtext('gatehouse_orders'), hashtext(@directory))", connection))
        {
            exclude.Parameters.AddWithValue("directory", directory.AbsoluteUri);
            await exclude.ExecuteNonQueryAsync(cancellationToken);
        }
        var place = await DecideAsync(connection, directory, tenantId, isRenewal, cancellationToken);
        if (!place.IsThere)
            return place;
        await using var command = new NpgsqlCommand(
            """
            WITH gone AS (DELETE FROM acme_orders WHERE directory = @directory AND ordered_at <= @since)
            INSERT INTO acme_orders (directory, ordered_by, ordered_at) VALUES (@directory, @tenant, @now) RETURNING id
            """,
            connection);
        var now = clock.GetUtcNow();
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("since", now - Window);
        command.Parameters.AddWithValue("now", now);
        var id = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return place with { Id = id };
    }

    /// <summary>The authority was away, so nothing was ordered.</summary>
    public async Task GiveBackAsync(BudgetPlace place, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("DELETE FROM acme_orders WHERE id = @id");
        command.Parameters.AddWithValue("id", place.Id!.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<BudgetPlace> DecideAsync(NpgsqlConnection connection, Uri directory, Guid tenantId, bool isRenewal, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - Window;
        int used, own;
        await using (var count = new NpgsqlCommand(Count, connection))
        {
            count.Parameters.AddWithValue("directory", directory.AbsoluteUri);
            count.Parameters.AddWithValue("tenant", tenantId);
            count.Parameters.AddWithValue("since", since);
            await using var counts = await count.ExecuteReaderAsync(cancellationToken);
            await counts.ReadAsync(cancellationToken);
            (used, own) = (counts.GetInt32(0), counts.GetInt32(1));
        }
        var (obstacle, excess) = _rule.Decide(used, own, isRenewal);
        if (obstacle == BudgetRule.Obstacle.None)
            return new BudgetPlace(null, obstacle, default, 0);
        await using var oldest = new NpgsqlCommand(Oldest, connection);
        oldest.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        oldest.Parameters.AddWithValue("tenant", tenantId);
        oldest.Parameters.AddWithValue("since", since);
        oldest.Parameters.AddWithValue("own", obstacle == BudgetRule.Obstacle.Tenant);
        oldest.Parameters.AddWithValue("skip", excess - 1);
        await using var reader = await oldest.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new BudgetPlace(null, obstacle, reader.GetFieldValue<DateTimeOffset>(0) + Window, reader.GetInt32(1))
            : new BudgetPlace(null, obstacle, clock.GetUtcNow() + TimeSpan.FromMinutes(1), 0);
    }
}
