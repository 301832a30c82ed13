using Gatehouse.Gateway.Matching;
using Gatehouse.Persistence.PrivateKeys;
using Npgsql;

namespace Gatehouse.Control.PrivateKeys;

/// <summary>
/// Decrypts private keys for the moment in which they are sent to a data plane, or written to a cluster; none is kept. What is wrong with one is that
/// certificate's, and is noted for its status.
/// </summary>
internal sealed class PrivateKeyReader(NpgsqlDataSource database, KeyRingSource keys, PrivateKeyFaults faults)
{
    /// <summary>The feed waits for the keys, so a database that hangs must not hold it up for long.</summary>
    private const int PatienceSeconds = 3;

    private const string Query = """
        SELECT tenants.name, resources.name, tenants.id, stored.version, stored.key_fingerprint, stored.kek_id, stored.wrapped_key, stored.ciphertext
        FROM unnest(@tenants, @names) AS wanted (tenant, name)
        JOIN tenants ON tenants.name = wanted.tenant
        JOIN resources ON resources.tenant_id = tenants.id AND resources.kind = 'Certificate' AND resources.name = wanted.name
        JOIN private_keys AS stored ON stored.tenant_id = resources.tenant_id AND stored.certificate_id = resources.id
        """;

    /// <summary>Reads the keys of certificates. Never throws for what is stored, nor when the database is away.</summary>
    public async Task<PrivateKeyBatch> ReadAsync(IReadOnlyCollection<CertificateEntry> certificates, CancellationToken cancellationToken)
    {
        var batch = new PrivateKeyBatch();
        if (certificates.Count == 0)
            return batch;
        try
        {
            await ReadAsync(batch, certificates.ToDictionary(certificate => certificate.Key, certificate => certificate.KeyFingerprint, StringComparer.Ordinal), cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
        {
            foreach (var certificate in certificates)
                batch.Refuse(certificate.Key, "the control plane cannot reach its database at the moment");
        }
        return batch;
    }

    /// <summary>Reads the keys of certificates (fingerprint of the public key by <c>tenant/name</c>). Never throws for what is stored.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<PrivateKeyBatch> ReadStoredAsync(IReadOnlyDictionary<string, string> fingerprints, CancellationToken cancellationToken)
    {
        var batch = new PrivateKeyBatch();
        if (fingerprints.Count > 0)
            await ReadAsync(batch, new Dictionary<string, string>(fingerprints, StringComparer.Ordinal), cancellationToken);
        return batch;
    }

    private async Task ReadAsync(PrivateKeyBatch batch, Dictionary<string, string> wanted, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Query);
        command.CommandTimeout = PatienceSeconds;
        var names = wanted.Keys.Select(key => key.Split('/', 2)).ToList();
        command.Parameters.AddWithValue("tenants", names.Select(name => name[0]).ToArray());
        command.Parameters.AddWithValue("names", names.Select(name => name[1]).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = $"{reader.GetString(0)}/{reader.GetString(1)}";
            if (!wanted.Remove(key, out var fingerprint))
                continue;
            if (reader.GetString(4) != fingerprint)
            {
                // Either a newer certificate was committed meanwhile, and its own entry follows with its key; or the row was set back.
                faults.NoteOther(key);
                batch.Refuse(key, "the private key that is stored belongs to another certificate: upload it anew with its private key");
                continue;
            }
            var identity = new KeyIdentity(reader.GetGuid(2), reader.GetString(1), reader.GetInt64(3), fingerprint);
            Open(batch, key, identity, new SealedKey(reader.GetString(5), reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<byte[]>(7)));
        }
        foreach (var key in wanted.Keys)
        {
            faults.NoteMissing(key);
            batch.Refuse(key, "no private key is stored for it: upload the certificate with its private key");
        }
    }

    private void Open(PrivateKeyBatch batch, string key, KeyIdentity identity, SealedKey stored)
    {
        try
        {
            var ring = keys.Current ?? throw new UnreadableKeyException(stored.KekId, isMissing: true);
            batch.Add(key, KeyEnvelope.Open(ring, identity, stored));
            faults.Clear(key);
        }
        catch (UnreadableKeyException failure)
        {
            faults.Note(key, failure);
            batch.Refuse(key, failure.Message);
        }
    }
}
