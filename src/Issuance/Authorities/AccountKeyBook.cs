using System.Security.Cryptography;
using Gatehouse.Acme;
using Gatehouse.Persistence.PrivateKeys;
using Npgsql;

namespace Gatehouse.Issuance.Authorities;

/// <summary>
/// The key that an account gets next. It is stored before the authority is told, and takes the other one's place after that; whoever finds both
/// asks the authority which of them is the account's.
/// </summary>
internal sealed class AccountKeyBook(IssuanceDatabase database, KeyRingSource keys, TimeProvider clock)
{
    /// <summary>Excludes other processes from changing the account's key for as long as it is held; null: one of them is at it.</summary>
    public async Task<IAsyncDisposable?> TryLockAsync(Uri directory, CancellationToken cancellationToken)
    {
        var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var kept = false;
        try
        {
            // The lock is the transaction's, and that ends with the process.
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock(hashtext('gatehouse_account'), hashtext(@directory))", connection);
            command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
            kept = await command.ExecuteScalarAsync(cancellationToken) is true;
            return kept ? new Held(connection, transaction) : null;
        }
        finally
        {
            if (!kept)
                await connection.DisposeAsync();
        }
    }

    /// <summary>Draws the next key and stores it. The caller has the lock.</summary>
    public async Task<AcmeKey> DrawAsync(Uri directory, long version, CancellationToken cancellationToken)
    {
        var ring = keys.Current ?? throw new UnreadableKeyException("-", isMissing: true);
        var drawn = AcmeKey.Generate();
        var pkcs8 = drawn.ExportPkcs8();
        var box = KeyEnvelope.Seal(ring, new AccountIdentity(directory.AbsoluteUri, version + 1), pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
        await using var command = database.Source.CreateCommand(
            """
            UPDATE acme_accounts SET next_kek_id = @kek, next_wrapped_key = @wrapped, next_ciphertext = @ciphertext, next_created_at = @now
            WHERE directory = @directory AND version = @version AND next_kek_id IS NULL
            """);
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        command.Parameters.AddWithValue("version", version);
        command.Parameters.AddWithValue("kek", box.KekId);
        command.Parameters.AddWithValue("wrapped", box.WrappedKey);
        command.Parameters.AddWithValue("ciphertext", box.Ciphertext);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            return drawn;
        drawn.Dispose();
        throw new InvalidOperationException("The account's key was changed by somebody without the lock.");
    }

    /// <summary>The next key; null: there is none.</summary>
    /// <exception cref="UnreadableKeyException">It does not decrypt.</exception>
    public async Task<AcmeKey?> FindAsync(Uri directory, long version, CancellationToken cancellationToken)
    {
        var ring = keys.Current ?? throw new UnreadableKeyException("-", isMissing: true);
        await using var command = database.Source.CreateCommand(
            "SELECT next_kek_id, next_wrapped_key, next_ciphertext FROM acme_accounts WHERE directory = @directory AND version = @version AND next_kek_id IS NOT NULL");
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        command.Parameters.AddWithValue("version", version);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var sealedKey = new SealedKey(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
        var pkcs8 = KeyEnvelope.Open(ring, new AccountIdentity(directory.AbsoluteUri, version + 1), sealedKey);
        try
        {
            return AcmeKey.Import(pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>The authority has taken the next key.</summary>
    public Task PromoteAsync(Uri directory, long version, CancellationToken cancellationToken) => EndAsync(
        """
        UPDATE acme_accounts SET version = version + 1, kek_id = next_kek_id, wrapped_key = next_wrapped_key, ciphertext = next_ciphertext, key_created_at = next_created_at,
            next_kek_id = NULL, next_wrapped_key = NULL, next_ciphertext = NULL, next_created_at = NULL
        WHERE directory = @directory AND version = @version AND next_kek_id IS NOT NULL
        """,
        directory,
        version,
        cancellationToken);

    /// <summary>The authority does not know the next key.</summary>
    public Task DropAsync(Uri directory, long version, CancellationToken cancellationToken) => EndAsync(
        """
        UPDATE acme_accounts SET next_kek_id = NULL, next_wrapped_key = NULL, next_ciphertext = NULL, next_created_at = NULL
        WHERE directory = @directory AND version = @version
        """,
        directory,
        version,
        cancellationToken);

    private async Task EndAsync(string sql, Uri directory, long version, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(sql);
        command.Parameters.AddWithValue("directory", directory.AbsoluteUri);
        command.Parameters.AddWithValue("version", version);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Held(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
