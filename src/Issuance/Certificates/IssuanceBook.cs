using Gatehouse.Issuance.Leasing;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.PrivateKeys;
using Npgsql;
using NpgsqlTypes;

namespace Gatehouse.Issuance.Certificates;

/// <summary>The book of how far certificates are (<c>certificate_issuances</c>). Every note is fenced by the lease.</summary>
internal sealed class IssuanceBook(IssuanceDatabase database, TimeProvider clock)
{
    /// <summary>How long a row stays with a process that is not heard of any more.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly string Due = FairQuery.For(
        "certificate_issuances",
        ", epoch = leased.epoch + 1",
        "claims.state = 'Verified'",
        // Who has a certificate is renewed before others get their first.
        "CASE WHEN waiting.not_after IS NULL THEN 1 ELSE 0 END",
        "claims.id, leased.epoch, leased.state, leased.step, leased.issuer, leased.order_url, leased.key_version, leased.kek_id, leased.wrapped_key, leased.ciphertext, " +
        "leased.failures, leased.problems::text, leased.generation, leased.not_after, leased.renew_at, leased.renew_because, leased.due_at, claims.proof");

    // States of a Hostname that has a certificate in hand.
    private static readonly string[] Leading = [IssuanceState.Issuing, IssuanceState.Issued, IssuanceState.Renewing, IssuanceState.Retrying, IssuanceState.Stopped];

    private const string Lead = """
        UPDATE certificate_issuances AS own SET state = CASE WHEN own.state = ANY (@leading) THEN own.state ELSE 'Issuing' END
        WHERE own.tenant_id = @tenant AND own.hostname_id = @hostname AND own.epoch = @epoch AND NOT EXISTS (
            SELECT FROM certificate_issuances AS other
            JOIN resources ON resources.tenant_id = other.tenant_id AND resources.id = other.hostname_id
            JOIN hostname_claims AS claims ON claims.tenant_id = other.tenant_id AND claims.hostname = other.hostname
            WHERE other.tenant_id = @tenant AND other.hostname_id <> @hostname AND other.state = ANY (@leading)
              AND right(other.hostname, length(@suffix)) = @suffix AND position('.' IN left(other.hostname, length(other.hostname) - length(@suffix))) = 0
              AND claims.proof = 'BaseDomain' AND claims.state = 'Verified'
              AND coalesce(resources.spec #>> '{certificate,issuer}', resources.spec #>> '{certificate,keyType}', resources.spec #>> '{certificate,challenge}') IS NULL)
        """;

    // Who wants it looked at again while it is in hand changes when it is due: that stays, and so does a wish for a new certificate.
    private const string Note = """
        UPDATE certificate_issuances SET state = @state, step = @step, issuer = @issuer, order_url = @order, key_version = @key_version, kek_id = @kek,
            wrapped_key = @wrapped, ciphertext = @ciphertext, failures = @failures, problems = @problems::json, generation = @generation, not_after = @not_after,
            renew_at = CASE WHEN due_at <> @taken AND renew_because = 'Asked' THEN renew_at ELSE @renew_at END,
            renew_because = CASE WHEN due_at <> @taken AND renew_because = 'Asked' THEN renew_because ELSE @renew_because END,
            leased_until = @until, due_at = CASE WHEN @due IS NULL OR due_at <> @taken THEN due_at ELSE @due END
        WHERE tenant_id = @tenant AND hostname_id = @hostname AND epoch = @epoch
        """;

    /// <summary>Takes due ones in hand.</summary>
    public async Task<IReadOnlyList<IssuanceState>> TakeAsync(int take, int perTenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.Source.CreateCommand(Due);
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("until", now + Lease);
        command.Parameters.AddWithValue("take", take);
        command.Parameters.AddWithValue("per_tenant", perTenant);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<IssuanceState>();
        while (await reader.ReadAsync(cancellationToken))
            states.Add(Read(reader));
        return states;
    }

    /// <summary>Notes a step and keeps the row in hand.</summary>
    /// <exception cref="LeaseLostException">Another process has it by now.</exception>
    public Task<IssuanceState> KeepAsync(IssuanceState state, CancellationToken cancellationToken) => WriteAsync(state, clock.GetUtcNow() + Lease, null, cancellationToken);

    /// <summary>Looks again at what nothing was to happen with: the settings may be others than before.</summary>
    public async Task WakeIdleAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("UPDATE certificate_issuances SET due_at = @now, generation = 0 WHERE (state IN ('Off', 'Stopped') OR step = 'Budget') AND due_at > @now");
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Looks again at names of the base domain that have certificates of their own: they may share one now.</summary>
    public async Task WakeSharersAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("""
            UPDATE certificate_issuances AS issuances SET due_at = @now FROM hostname_claims AS claims
            WHERE claims.tenant_id = issuances.tenant_id AND claims.hostname = issuances.hostname AND claims.proof = 'BaseDomain' AND issuances.state = 'Issued' AND issuances.due_at > @now
            """);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Takes the certificate that several Hostnames share in hand, unless another one of them has it: one order at a time for one name, whatever the number
    /// of processes. Who has it keeps it until its Hostname is gone or needs no certificate.
    /// </summary>
    public async Task<bool> TakeLeadAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // First and alone, so that what comes next sees what others committed while this waited.
        await using var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended(@key, 0))", connection, transaction);
        turn.Parameters.AddWithValue("key", $"certificate {state.Row.TenantId} {state.SharedName}");
        await turn.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Lead, connection, transaction);
        command.Parameters.AddWithValue("tenant", state.Row.TenantId);
        command.Parameters.AddWithValue("hostname", state.Row.HostnameId);
        command.Parameters.AddWithValue("epoch", state.Epoch);
        command.Parameters.AddWithValue("suffix", state.SharedName![1..]);
        command.Parameters.AddWithValue("leading", Leading);
        var leads = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        await transaction.CommitAsync(cancellationToken);
        return leads;
    }

    /// <summary>Number of the newest revision: what is decided must have been seen up to it.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("SELECT number FROM revision_head");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Keeps a row in hand for a while longer, or gives it back.</summary>
    /// <param name="state">State.</param>
    /// <param name="until">Until when; null: it is free at once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it still was in hand.</returns>
    public async Task<bool> ExtendAsync(IssuanceState state, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            "UPDATE certificate_issuances SET leased_until = @until WHERE tenant_id = @tenant AND hostname_id = @hostname AND epoch = @epoch AND leased_until IS NOT NULL");
        command.Parameters.AddWithValue("tenant", state.Row.TenantId);
        command.Parameters.AddWithValue("hostname", state.Row.HostnameId);
        command.Parameters.AddWithValue("epoch", state.Epoch);
        command.Parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = (object?)until ?? DBNull.Value });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Notes the end of the work, for now.</summary>
    /// <param name="state">State.</param>
    /// <param name="due">When it is looked at next.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LeaseLostException">Another process has it by now.</exception>
    public Task<IssuanceState> LeaveAsync(IssuanceState state, DateTimeOffset due, CancellationToken cancellationToken) => WriteAsync(state, null, due, cancellationToken);

    private async Task<IssuanceState> WriteAsync(IssuanceState state, DateTimeOffset? until, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Note);
        void Add(string name, NpgsqlDbType type, object? value) => command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        Add("tenant", NpgsqlDbType.Uuid, state.Row.TenantId);
        Add("hostname", NpgsqlDbType.Uuid, state.Row.HostnameId);
        Add("epoch", NpgsqlDbType.Bigint, state.Epoch);
        Add("state", NpgsqlDbType.Text, state.State);
        Add("step", NpgsqlDbType.Text, state.Step);
        Add("issuer", NpgsqlDbType.Text, state.Issuer);
        Add("order", NpgsqlDbType.Text, state.Order?.AbsoluteUri);
        Add("key_version", NpgsqlDbType.Bigint, state.KeyVersion);
        Add("kek", NpgsqlDbType.Text, state.Key?.KekId);
        Add("wrapped", NpgsqlDbType.Bytea, state.Key?.WrappedKey);
        Add("ciphertext", NpgsqlDbType.Bytea, state.Key?.Ciphertext);
        Add("failures", NpgsqlDbType.Integer, state.Failures);
        Add("problems", NpgsqlDbType.Text, state.Problems);
        Add("generation", NpgsqlDbType.Bigint, state.Generation);
        Add("not_after", NpgsqlDbType.TimestampTz, state.NotAfter);
        Add("renew_at", NpgsqlDbType.TimestampTz, state.RenewAt);
        Add("renew_because", NpgsqlDbType.Text, state.RenewBecause);
        Add("until", NpgsqlDbType.TimestampTz, until);
        Add("due", NpgsqlDbType.TimestampTz, due);
        Add("taken", NpgsqlDbType.TimestampTz, state.DueAt);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? state : throw new LeaseLostException();
    }

    private static IssuanceState Read(NpgsqlDataReader reader)
    {
        var column = FairQuery.FirstColumn;
        T? Next<T>(Func<int, T> read)
        {
            var at = column++;
            return reader.IsDBNull(at) ? default : read(at);
        }

        var row = FairQuery.Read(reader);
        var state = new IssuanceState
        {
            Row = row,
            ClaimId = Next(reader.GetGuid),
            Epoch = Next(reader.GetInt64),
            State = Next(reader.GetString)!,
            Step = Next(reader.GetString),
            Issuer = Next(reader.GetString),
            Order = Next(reader.GetString) is { } order ? new Uri(order) : null,
            KeyVersion = Next(reader.GetInt64),
        };
        var kek = Next(reader.GetString);
        var wrapped = Next(reader.GetFieldValue<byte[]>);
        var ciphertext = Next(reader.GetFieldValue<byte[]>);
        return state with
        {
            Key = kek is null ? null : new SealedKey(kek, wrapped!, ciphertext!),
            Failures = Next(reader.GetInt32),
            Problems = Next(reader.GetString),
            Generation = Next(reader.GetInt64),
            NotAfter = Next(at => (DateTimeOffset?)reader.GetFieldValue<DateTimeOffset>(at)),
            RenewAt = Next(at => (DateTimeOffset?)reader.GetFieldValue<DateTimeOffset>(at)),
            RenewBecause = Next(reader.GetString),
            DueAt = Next(reader.GetFieldValue<DateTimeOffset>),
            Proof = Next(reader.GetString) is { } proof ? Enum.Parse<ClaimProof>(proof) : null,
        };
    }
}
