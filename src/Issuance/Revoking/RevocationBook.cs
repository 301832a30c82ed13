using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace Gatehouse.Issuance.Revoking;

/// <summary>A certificate to revoke, in hand for a while.</summary>
internal sealed record Revocation(Guid TenantId, Guid Id, string Hostname, string Certificate, string? Issuer, int Reason, int Failures);

/// <summary>The wishes to revoke (<c>certificate_revocations</c>).</summary>
internal sealed class RevocationBook(IssuanceDatabase database, IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private static readonly WriteContext Context = new(Actor.System, "certificate-revocation");

    // One of each tenant before the second of any.
    private const string Due = """
        WITH due AS (
            SELECT tenant_id, id, due_at, row_number() OVER (PARTITION BY tenant_id ORDER BY due_at, id) AS turn FROM certificate_revocations
            WHERE due_at <= @now AND (leased_until IS NULL OR leased_until <= @now)
        ), picked AS (
            SELECT tenant_id, id FROM due ORDER BY turn, due_at LIMIT @take
        )
        UPDATE certificate_revocations AS leased SET leased_until = @until FROM picked
        WHERE leased.tenant_id = picked.tenant_id AND leased.id = picked.id AND (leased.leased_until IS NULL OR leased.leased_until <= @now)
        RETURNING leased.tenant_id, leased.id, leased.hostname, leased.certificate, leased.issuer, leased.reason, leased.failures
        """;

    /// <summary>Takes due ones in hand.</summary>
    public async Task<IReadOnlyList<Revocation>> TakeAsync(int take, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.Source.CreateCommand(Due);
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("until", now + Lease);
        command.Parameters.AddWithValue("take", take);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new List<Revocation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(new Revocation(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetInt32(5), reader.GetInt32(6)));
        }
        return taken;
    }

    /// <summary>It did not work yet.</summary>
    public async Task NoteAsync(Revocation revocation, string problem, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            "UPDATE certificate_revocations SET failures = failures + 1, problem = @problem, due_at = @due, leased_until = NULL WHERE tenant_id = @tenant AND id = @id");
        command.Parameters.AddWithValue("tenant", revocation.TenantId);
        command.Parameters.AddWithValue("id", revocation.Id);
        command.Parameters.AddWithValue("problem", problem);
        command.Parameters.Add(new NpgsqlParameter("due", NpgsqlDbType.TimestampTz) { Value = due });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>It is done, or not needed any more: the wish goes, and an audit event says what became of it.</summary>
    /// <param name="revocation">Wish.</param>
    /// <param name="verb">What became of it.</param>
    /// <param name="authority">Name of the authority that did it; null: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task EndAsync(Revocation revocation, string verb, string? authority, CancellationToken cancellationToken)
    {
        using var certificate = X509Certificate2.CreateFromPem(revocation.Certificate);
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<Transactions>().WriteAsync(revocation.TenantId, Context, cancellationToken);
        if (await transaction.Db.CertificateRevocations.Where(wish => wish.Id == revocation.Id).ExecuteDeleteAsync(cancellationToken) == 0)
            return;
        var after = System.Text.Json.JsonSerializer.Serialize(new { serial = certificate.SerialNumber, reason = revocation.Reason, authority });
        transaction.Record(new AuditRecord(verb, ResourceKind.Hostname, revocation.Hostname, null, after));
        await transaction.CommitAsync(cancellationToken);
    }
}
