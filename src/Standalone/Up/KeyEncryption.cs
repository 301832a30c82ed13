using System.Text;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;
using Gatehouse.Standalone.Postgres;
using Npgsql;

namespace Gatehouse.Standalone.Up;

/// <summary>Where the key-encryption keys come from: what was given, else a file in the data directory, drawn at the first start.</summary>
internal static class KeyEncryption
{
    /// <exception cref="StartupFailure">They cannot be read, or the file is gone that stored private keys need.</exception>
    public static async Task<KeyRingSource> OpenAsync(UpOptions options, DataDirectory data, DatabaseLogins logins, Action<string> say, CancellationToken cancellationToken)
    {
        var file = options.KekFile ?? (options.Kek is null ? data.KeyEncryptionKeys : null);
        var used = await UsedAsync(logins, cancellationToken).ConfigureAwait(false);
        if (file == data.KeyEncryptionKeys && !File.Exists(file))
            Draw(file, used, say);
        try
        {
            var source = KeyRingSource.Open(file, options.Kek?.Reveal());
            var missing = used.Except(source.Current!.Ids).ToList();
            if (missing.Count > 0)
                say($"Some private keys or kubeconfigs need the key-encryption key {string.Join(", ", missing)}, which is not in {file ?? "GATEHOUSE_KEK"}: add it, or upload those certificates and kubeconfigs anew.");
            return source;
        }
        catch (KeyRingException e)
        {
            throw new StartupFailure(e.Message, e);
        }
    }

    // A new key would hide that the old one is lost, until somebody needs what only the old one decrypts.
    private static void Draw(string file, List<string> used, Action<string> say)
    {
        if (used.Count > 0)
        {
            throw new StartupFailure(
                $"{file} is missing, and private keys or kubeconfigs in the database need it (key-encryption key {string.Join(", ", used)}): restore it from a backup, name it with --kek-file, or, if it is lost, put a new one there (openssl rand -base64 32) and upload all certificates and kubeconfigs anew.");
        }
        SecretFile.Write(file, Encoding.ASCII.GetBytes(KeyRing.Draw() + "\n"));
        say($"Drew a key-encryption key for private keys and kubeconfigs: keep a copy of {file} apart from the database's backups.");
    }

    private static async Task<List<string>> UsedAsync(DatabaseLogins logins, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(logins.Compiler);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("SELECT kek_id FROM private_keys UNION SELECT kek_id FROM cluster_credentials UNION SELECT kek_id FROM acme_accounts UNION SELECT next_kek_id FROM acme_accounts WHERE next_kek_id IS NOT NULL ORDER BY kek_id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var ids = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            ids.Add(reader.GetString(0));
        return ids;
    }
}
