using Gatehouse.Control.PrivateKeys;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.PrivateKeys;
using Npgsql;

namespace Gatehouse.Control.Clusters;

/// <summary>Decrypts what a sync worker needs: kubeconfigs, and the private keys that become Secrets. Nothing is kept.</summary>
internal sealed class ClusterSecrets(NpgsqlDataSource database, KeyRingSource keys, PrivateKeyReader reader, PrivateKeyFaults faults)
{
    private const string Credential = """
        SELECT resources.name, stored.version, stored.kek_id, stored.wrapped_key, stored.ciphertext
        FROM cluster_credentials AS stored JOIN resources ON resources.tenant_id = stored.tenant_id AND resources.id = stored.cluster_id
        WHERE stored.cluster_id = @cluster AND resources.kind = 'Cluster'
        """;

    /// <summary>The kubeconfig of a cluster; null: none was uploaded.</summary>
    /// <exception cref="UnreadableKeyException">It cannot be decrypted.</exception>
    public async Task<byte[]?> KubeconfigAsync(Guid cluster, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Credential);
        command.Parameters.AddWithValue("cluster", cluster);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        var identity = new CredentialIdentity(cluster, row.GetString(0), row.GetInt64(1));
        var stored = new SealedKey(row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4));
        try
        {
            var ring = keys.Current ?? throw new UnreadableKeyException(stored.KekId, isMissing: true);
            var kubeconfig = KeyEnvelope.Open(ring, identity, stored);
            faults.ClearCluster(identity.Name);
            return kubeconfig;
        }
        catch (UnreadableKeyException failure)
        {
            faults.NoteCluster(identity.Name, failure);
            throw;
        }
    }

    /// <summary>Private keys of certificates; what is missing, or another certificate's, is left out.</summary>
    public async Task<IReadOnlyDictionary<ResourceKey, byte[]>> PrivateKeysAsync(IReadOnlyCollection<CertificateKeyWanted> certificates, CancellationToken cancellationToken)
    {
        var wanted = certificates.ToDictionary(static certificate => $"{certificate.Key.Tenant}/{certificate.Key.Name}", StringComparer.Ordinal);
        var found = await reader.ReadStoredAsync(wanted.ToDictionary(static pair => pair.Key, static pair => pair.Value.KeyFingerprint, StringComparer.Ordinal), cancellationToken);
        return found.Keys.ToDictionary(key => wanted[key].Key, key => found.KeyOf(key)!);
    }
}
