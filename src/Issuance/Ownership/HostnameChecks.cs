using Gatehouse.Issuance.Leasing;
using Gatehouse.Persistence.Hostnames;
using Npgsql;

namespace Gatehouse.Issuance.Ownership;

/// <summary>A Hostname whose DNS is to be looked at.</summary>
/// <param name="Row">The Hostname.</param>
/// <param name="ClaimId">Id of its claim.</param>
/// <param name="Proof">How the claim was verified; null: it is not.</param>
/// <param name="Failures">Looks in a row that found nothing.</param>
/// <param name="LostSince">Since when a proof that once stood is gone.</param>
internal sealed record HostnameCheck(LeasedRow Row, Guid ClaimId, ClaimProof? Proof, int Failures, DateTimeOffset? LostSince)
{
    /// <summary>Whether it is verified by records, which can go.</summary>
    public bool StandsOnRecords => Proof is ClaimProof.Txt or ClaimProof.Cname or ClaimProof.Domain;
}

/// <summary>The book of what is looked at when (<c>hostname_checks</c>).</summary>
internal sealed class HostnameChecks(IssuanceDatabase database, TimeProvider clock)
{
    /// <summary>Longer than a look can take; then another process may take it up.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private const string Columns = "claims.id, claims.proof, leased.failures, leased.lost_since";

    private static readonly string Due = FairQuery.For("hostname_checks", "", "claims.state <> 'Lost'", "0", Columns);

    private const string One = $"""
        SELECT tenants.id, tenants.name, tenants.proof_key, leased.hostname_id, leased.hostname, resources.spec::text, resources.generation, resources.created_at, {Columns}
        FROM hostname_checks AS leased
        JOIN tenants ON tenants.id = leased.tenant_id
        JOIN resources ON resources.tenant_id = leased.tenant_id AND resources.id = leased.hostname_id
        JOIN hostname_claims AS claims ON claims.tenant_id = leased.tenant_id AND claims.hostname = leased.hostname
        WHERE leased.tenant_id = @tenant AND leased.hostname = @hostname
        """;

    private const string Note = """
        UPDATE hostname_checks SET report = @report::json, checked_at = @now, due_at = @due, failures = @failures, lost_since = @lost, leased_until = NULL
        WHERE tenant_id = @tenant AND hostname_id = @hostname
        """;

    /// <summary>Takes due ones in hand.</summary>
    public async Task<IReadOnlyList<HostnameCheck>> TakeAsync(int take, int perTenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.Source.CreateCommand(Due);
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("until", now + Lease);
        command.Parameters.AddWithValue("take", take);
        command.Parameters.AddWithValue("per_tenant", perTenant);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>One that somebody asked for; null: there is none.</summary>
    public async Task<HostnameCheck?> FindAsync(Guid tenantId, string hostname, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(One);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("hostname", hostname);
        return await ReadAsync(command, cancellationToken) is [var found, ..] ? found : null;
    }

    /// <summary>Notes what was seen, and when to look again.</summary>
    public async Task NoteAsync(HostnameCheck check, string? report, DateTimeOffset due, int failures, DateTimeOffset? lostSince, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Note);
        command.Parameters.AddWithValue("tenant", check.Row.TenantId);
        command.Parameters.AddWithValue("hostname", check.Row.HostnameId);
        command.Parameters.AddWithValue("report", (object?)report ?? DBNull.Value);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        command.Parameters.AddWithValue("due", due);
        command.Parameters.AddWithValue("failures", failures);
        command.Parameters.AddWithValue("lost", (object?)lostSince ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<HostnameCheck>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var checks = new List<HostnameCheck>();
        while (await reader.ReadAsync(cancellationToken))
        {
            checks.Add(new HostnameCheck(
                FairQuery.Read(reader),
                reader.GetGuid(FairQuery.FirstColumn),
                reader.IsDBNull(FairQuery.FirstColumn + 1) ? null : Enum.Parse<ClaimProof>(reader.GetString(FairQuery.FirstColumn + 1)),
                reader.GetInt32(FairQuery.FirstColumn + 2),
                reader.IsDBNull(FairQuery.FirstColumn + 3) ? null : reader.GetFieldValue<DateTimeOffset>(FairQuery.FirstColumn + 3)));
        }
        return checks;
    }
}
