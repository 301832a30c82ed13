using Gatehouse.Control.Compiling;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.PrivateKeys;
using Npgsql;

namespace Gatehouse.Control.PrivateKeys;

/// <summary>Looks whether all stored private keys and kubeconfigs belong where they lie and can be decrypted, without decrypting any: the data keys tell.</summary>
public sealed class PrivateKeyCheck
{
    private const int PageSize = 500;

    private const string Page = """
        SELECT tenants.id, resources.id, tenants.name, resources.name, stored.version, stored.key_fingerprint, stored.kek_id, stored.wrapped_key
        FROM resources JOIN tenants ON tenants.id = resources.tenant_id
        LEFT JOIN private_keys AS stored ON stored.tenant_id = resources.tenant_id AND stored.certificate_id = resources.id
        WHERE resources.kind = 'Certificate' AND (resources.tenant_id, resources.id) > (@tenant, @certificate)
        ORDER BY resources.tenant_id, resources.id LIMIT @limit
        """;

    private const string Kubeconfigs = """
        SELECT stored.tenant_id, stored.cluster_id, resources.name, stored.version, stored.kek_id, stored.wrapped_key
        FROM cluster_credentials AS stored JOIN resources ON resources.tenant_id = stored.tenant_id AND resources.id = stored.cluster_id
        """;

    private readonly NpgsqlDataSource _database;
    private readonly CompileHost _compiled;
    private readonly PrivateKeyFaults _faults;

    internal PrivateKeyCheck(NpgsqlDataSource database, CompileHost compiled, PrivateKeyFaults faults) => (_database, _compiled, _faults) = (database, compiled, faults);

    /// <summary>How many private keys, kubeconfigs and account keys lie under each KEK.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("SELECT kek_id, count(*) FROM (SELECT kek_id FROM private_keys UNION ALL SELECT kek_id FROM cluster_credentials UNION ALL SELECT kek_id FROM acme_accounts UNION ALL SELECT next_kek_id FROM acme_accounts WHERE next_kek_id IS NOT NULL) AS stored GROUP BY kek_id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }

    /// <summary>Looks at all of them, and notes what is wrong for the certificates' status.</summary>
    /// <param name="ring">KEKs; null: none are configured.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<CheckedKeys> RunAsync(KeyRing? ring, CancellationToken cancellationToken)
    {
        var result = new CheckedKeys();
        var (tenant, certificate) = (Guid.Empty, Guid.Empty);
        int found;
        do
        {
            found = 0;
            await using var command = _database.CreateCommand(Page);
            command.Parameters.AddWithValue("tenant", tenant);
            command.Parameters.AddWithValue("certificate", certificate);
            command.Parameters.AddWithValue("limit", PageSize);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                found++;
                (tenant, certificate) = (reader.GetGuid(0), reader.GetGuid(1));
                var key = new ResourceKey(ResourceKind.Certificate, reader.GetString(2), reader.GetString(3));
                if (await reader.IsDBNullAsync(4, cancellationToken))
                    _faults.NoteMissing($"{key.Tenant}/{key.Name}");
                else
                    Check(ring, key, new KeyIdentity(tenant, key.Name, reader.GetInt64(4), reader.GetString(5)), reader.GetString(6), reader.GetFieldValue<byte[]>(7), result);
            }
        }
        while (found == PageSize);
        await CheckKubeconfigsAsync(ring, result, cancellationToken);
        await CheckAccountsAsync(ring, result, cancellationToken);
        return result;
    }

    /// <summary>Keys of accounts at certificate authorities; those who use them bring them under another KEK.</summary>
    private async Task CheckAccountsAsync(KeyRing? ring, CheckedKeys result, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("SELECT directory, version, kek_id, wrapped_key FROM acme_accounts UNION ALL SELECT directory, version + 1, next_kek_id, next_wrapped_key FROM acme_accounts WHERE next_kek_id IS NOT NULL");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var kekId = reader.GetString(2);
            result.Total++;
            try
            {
                KeyEnvelope.Check(ring ?? throw new UnreadableKeyException(kekId, isMissing: true), new AccountIdentity(reader.GetString(0), reader.GetInt64(1)), kekId, reader.GetFieldValue<byte[]>(3));
            }
            catch (UnreadableKeyException)
            {
                result.Unreadable++;
                result.UnreadableUnder.Add(kekId);
            }
        }
    }

    /// <summary>There are as many as clusters, so they are read at once.</summary>
    private async Task CheckKubeconfigsAsync(KeyRing? ring, CheckedKeys result, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(Kubeconfigs);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var identity = new CredentialIdentity(reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3));
            var kekId = reader.GetString(4);
            result.Total++;
            try
            {
                KeyEnvelope.Check(ring ?? throw new UnreadableKeyException(kekId, isMissing: true), identity, kekId, reader.GetFieldValue<byte[]>(5));
                _faults.ClearCluster(identity.Name);
                if (kekId != ring.ActiveId)
                    result.TenantsToRotate.Add(reader.GetGuid(0));
            }
            catch (UnreadableKeyException failure)
            {
                _faults.NoteCluster(identity.Name, failure);
                result.Unreadable++;
                result.UnreadableUnder.Add(kekId);
            }
        }
    }

    private void Check(KeyRing? ring, ResourceKey certificate, KeyIdentity identity, string kekId, byte[] wrappedKey, CheckedKeys result)
    {
        var key = $"{certificate.Tenant}/{certificate.Name}";
        result.Total++;
        try
        {
            KeyEnvelope.Check(ring ?? throw new UnreadableKeyException(kekId, isMissing: true), identity, kekId, wrappedKey);
            if (IsOfAnother(certificate, identity))
                _faults.NoteOther(key);
            else
                _faults.Clear(key);
            if (kekId != ring.ActiveId)
                result.TenantsToRotate.Add(identity.TenantId);
        }
        catch (UnreadableKeyException failure)
        {
            _faults.Note(key, failure);
            result.Unreadable++;
            result.UnreadableUnder.Add(kekId);
        }
    }

    // What is not compiled yet is looked at when it is sent.
    private bool IsOfAnother(ResourceKey certificate, KeyIdentity identity) =>
        _compiled.Current.Snapshot.Statuses.TryGetValue(certificate, out var status) && status.Certificate is { } compiled && compiled.KeyFingerprint != identity.KeyFingerprint;
}

/// <summary>What a check found.</summary>
public sealed class CheckedKeys
{
    /// <summary>Private keys and kubeconfigs that are stored.</summary>
    public long Total { get; internal set; }

    /// <summary>Those that cannot be decrypted.</summary>
    public long Unreadable { get; internal set; }

    /// <summary>Ids of the KEKs that those name.</summary>
    public ISet<string> UnreadableUnder { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>Tenants with readable keys or kubeconfigs under a KEK that is not the first one.</summary>
    public ISet<Guid> TenantsToRotate { get; } = new HashSet<Guid>();
}
