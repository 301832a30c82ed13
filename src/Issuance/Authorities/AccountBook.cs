using System.Security.Cryptography;
using Gatehouse.Acme;
using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Issuance.Authorities;

/// <summary>An account as it is stored.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Url">Its address at the authority; null: it is not known there yet.</param>
/// <param name="Version">Grows with each key.</param>
/// <param name="HasNext">Whether there is a key that it was about to get: which of the two is the right one, the authority knows.</param>
/// <param name="KeyCreatedAt">When the key was drawn.</param>
internal sealed record StoredAccount(AcmeKey Key, Uri? Url, long Version, bool HasNext, DateTimeOffset KeyCreatedAt);

/// <summary>Accounts at authorities (<c>acme_accounts</c>): one for each directory, whichever process asks first; the key is encrypted.</summary>
internal sealed class AccountBook(IssuanceDatabase database, KeyRingSource keys, TimeProvider clock)
{
    /// <summary>The account of a directory; its key is drawn when there is none.</summary>
    /// <exception cref="UnreadableKeyException">The stored key does not decrypt.</exception>
    public async Task<StoredAccount> OpenAsync(Uri directory, CancellationToken cancellationToken)
    {
        var ring = keys.Current ?? throw new UnreadableKeyException("-", isMissing: true);
        if (await FindAsync(ring, directory, cancellationToken) is { } known)
            return known;
        using var drawn = AcmeKey.Generate();
        var pkcs8 = drawn.ExportPkcs8();
        var box = KeyEnvelope.Seal(ring, new AccountIdentity(directory.AbsoluteUri, 1), pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
        await using var command = database.Source.CreateCommand(
            "INSERT INTO acme_accounts (directory, version, kek_id, wrapped_key, ciphertext, created_at) VALUES (@directory, 1, @kek, @wrapped, @ciphertext, @now) ON CONFLICT DO NOTHING");
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        command.Parameters.AddWithValue("kek", box.KekId);
        command.Parameters.AddWithValue("wrapped", box.WrappedKey);
        command.Parameters.AddWithValue("ciphertext", box.Ciphertext);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
        // Another process may have been first: its key counts.
        return await FindAsync(ring, directory, cancellationToken) ?? throw new InvalidOperationException("The account that was stored is gone.");
    }

    /// <summary>The account of a directory; null: there is none.</summary>
    /// <exception cref="UnreadableKeyException">The stored key does not decrypt.</exception>
    public Task<StoredAccount?> FindAsync(Uri directory, CancellationToken cancellationToken) =>
        FindAsync(keys.Current ?? throw new UnreadableKeyException("-", isMissing: true), directory, cancellationToken);

    /// <summary>Version of the account's key, and whether the next one is there too; (0, false): there is no account.</summary>
    public async Task<(long Version, bool HasNext)> VersionAsync(Uri directory, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("SELECT version, next_kek_id IS NOT NULL FROM acme_accounts WHERE directory = @directory");
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetBoolean(1)) : (0, false);
    }

    /// <summary>Notes the account's address; null: the authority does not know it any more.</summary>
    public async Task NoteAsync(Uri directory, Uri? url, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("UPDATE acme_accounts SET account_url = @url WHERE directory = @directory");
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        command.Parameters.AddWithValue("url", (object?)url?.AbsoluteUri ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Brings the keys under the active KEK and returns how many that were. What cannot be read is left, and told when it is used.</summary>
    public async Task<int> RewrapAsync(CancellationToken cancellationToken)
    {
        if (keys.Current is not { } ring)
            return 0;
        var rows = new List<(string Directory, long Version, string Kek, byte[] Wrapped, string Prefix)>();
        await using (var query = database.Source.CreateCommand(
            """
            SELECT directory, version, kek_id, wrapped_key, '' FROM acme_accounts WHERE kek_id <> @active
            UNION ALL SELECT directory, version + 1, next_kek_id, next_wrapped_key, 'next_' FROM acme_accounts WHERE next_kek_id <> @active
            """))
        {
            query.Parameters.AddWithValue("active", ring.ActiveId);
            await using var reader = await query.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                rows.Add((reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.GetString(4)));
        }
        var done = 0;
        foreach (var (directory, version, kek, wrapped, prefix) in rows)
        {
            try
            {
                await using var command = database.Source.CreateCommand(
                    $"UPDATE acme_accounts SET {prefix}kek_id = @active, {prefix}wrapped_key = @anew WHERE directory = @directory AND {prefix}wrapped_key = @wrapped");
                command.Parameters.AddWithValue("active", ring.ActiveId);
                command.Parameters.AddWithValue("anew", KeyEnvelope.Rewrap(ring, new AccountIdentity(directory, version), kek, wrapped));
                command.Parameters.AddWithValue("directory", directory);
                command.Parameters.AddWithValue("wrapped", wrapped);
                done += await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (UnreadableKeyException)
            {
                // The check of all keys tells.
            }
        }
        return done;
    }

    private async Task<StoredAccount?> FindAsync(KeyRing ring, Uri directory, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            "SELECT version, account_url, kek_id, wrapped_key, ciphertext, next_kek_id IS NOT NULL, coalesce(key_created_at, created_at) FROM acme_accounts WHERE directory = @directory");
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var identity = new AccountIdentity(directory.AbsoluteUri, reader.GetInt64(0));
        var pkcs8 = KeyEnvelope.Open(ring, identity, new SealedKey(reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4)));
        try
        {
            return new StoredAccount(
                AcmeKey.Import(pkcs8), reader.IsDBNull(1) ? null : new Uri(reader.GetString(1)), identity.Version, reader.GetBoolean(5), reader.GetFieldValue<DateTimeOffset>(6));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
