namespace Gatehouse.Issuance.Leasing;

/// <summary>
/// Takes due rows in hand, one of each tenant before the second of any: a tenant with thousands of names delays nobody else's single one. Rows
/// that another process has in hand are passed over; what a process that died had in hand comes back when its lease ends.
/// </summary>
internal static class FairQuery
{
    /// <summary>The text for a table with the columns tenant_id, hostname_id, due_at and leased_until. Parameters: now, until, take, per_tenant.</summary>
    /// <param name="table">The table.</param>
    /// <param name="set">What else is set.</param>
    /// <param name="onlyClaims">Condition on <c>claims</c> for rows that count.</param>
    /// <param name="before">What comes before the time that a row is due, on <c>waiting</c>.</param>
    /// <param name="columns">Columns that are returned after those of <see cref="LeasedRow"/>.</param>
    public static string For(string table, string set, string onlyClaims, string before, string columns) => $"""
        WITH busy AS (
            SELECT tenant_id, count(*) AS rows FROM {table} WHERE leased_until > @now GROUP BY tenant_id
        ), due AS (
            SELECT waiting.tenant_id, waiting.hostname_id, waiting.due_at, {before} AS rank,
                   row_number() OVER (PARTITION BY waiting.tenant_id ORDER BY {before}, waiting.due_at, waiting.hostname_id) + coalesce(busy.rows, 0) AS turn
            FROM {table} AS waiting
            JOIN hostname_claims AS claims ON claims.tenant_id = waiting.tenant_id AND claims.hostname = waiting.hostname
            LEFT JOIN busy ON busy.tenant_id = waiting.tenant_id
            WHERE waiting.due_at <= @now AND (waiting.leased_until IS NULL OR waiting.leased_until <= @now) AND {onlyClaims}
        ), picked AS (
            SELECT rows.tenant_id, rows.hostname_id FROM {table} AS rows JOIN due USING (tenant_id, hostname_id)
            WHERE due.turn <= @per_tenant AND (rows.leased_until IS NULL OR rows.leased_until <= @now)
            ORDER BY due.turn, due.rank, due.due_at LIMIT @take FOR UPDATE OF rows SKIP LOCKED
        )
        UPDATE {table} AS leased SET leased_until = @until{set}
        FROM picked
        JOIN tenants ON tenants.id = picked.tenant_id
        JOIN resources ON resources.tenant_id = picked.tenant_id AND resources.id = picked.hostname_id
        JOIN hostname_claims AS claims ON claims.tenant_id = picked.tenant_id AND claims.hostname = resources.name
        WHERE leased.tenant_id = picked.tenant_id AND leased.hostname_id = picked.hostname_id
        RETURNING leased.tenant_id, tenants.name, tenants.proof_key, leased.hostname_id, leased.hostname, resources.spec::text, resources.generation, resources.created_at, {columns}
        """;

    /// <summary>Reads the columns of <see cref="LeasedRow"/>.</summary>
    public static LeasedRow Read(Npgsql.NpgsqlDataReader reader) => new()
    {
        TenantId = reader.GetGuid(0),
        Tenant = reader.GetString(1),
        ProofKey = reader.GetGuid(2),
        HostnameId = reader.GetGuid(3),
        Hostname = reader.GetString(4),
        Spec = reader.GetString(5),
        Generation = reader.GetInt64(6),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(7),
    };

    /// <summary>The first column after those of <see cref="LeasedRow"/>.</summary>
    public const int FirstColumn = 8;
}
