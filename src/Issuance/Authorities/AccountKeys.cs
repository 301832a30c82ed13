using Gatehouse.Acme;

namespace Gatehouse.Issuance.Authorities;

/// <summary>Gives accounts other keys, and finds out which one is the right one where that broke off.</summary>
internal sealed class AccountKeys(AccountBook accounts, AccountKeyBook book)
{
    /// <summary>Settles what broke off; while another process is at it, the present key stays the right one for now.</summary>
    /// <param name="stored">The account.</param>
    /// <param name="directory">The authority's directory.</param>
    /// <param name="clientOf">A client with a key.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcmeException">The authority cannot be asked.</exception>
    public async Task<StoredAccount> SettleAsync(StoredAccount stored, Uri directory, Func<AcmeKey, Uri?, AcmeClient> clientOf, CancellationToken cancellationToken)
    {
        if (!stored.HasNext)
            return stored;
        await using var held = await book.TryLockAsync(directory, cancellationToken);
        if (held is not null)
            await SettleLockedAsync(directory, stored.Version, clientOf, cancellationToken);
        return await accounts.OpenAsync(directory, cancellationToken);
    }

    /// <summary>Gives the account of an authority another key.</summary>
    /// <param name="directory">The authority's directory.</param>
    /// <param name="clientOf">A client with a key.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcmeException">The authority refuses it, or cannot be asked: which key is the right one is found out at the next use.</exception>
    public async Task<RolloverOutcome> RollAsync(Uri directory, Func<AcmeKey, Uri?, AcmeClient> clientOf, CancellationToken cancellationToken)
    {
        await using var held = await book.TryLockAsync(directory, cancellationToken);
        if (held is null)
            return RolloverOutcome.UnderWay;
        if (await accounts.FindAsync(directory, cancellationToken) is not { } stored)
            return RolloverOutcome.NoAccount;
        if (stored.HasNext)
        {
            await SettleLockedAsync(directory, stored.Version, clientOf, cancellationToken);
            stored = await accounts.OpenAsync(directory, cancellationToken);
        }
        if (stored.Url is not { } url)
            return RolloverOutcome.NoAccount;
        using var next = await book.DrawAsync(directory, stored.Version, cancellationToken);
        await clientOf(stored.Key, url).ChangeKeyAsync(next, cancellationToken);
        await book.PromoteAsync(directory, stored.Version, cancellationToken);
        return RolloverOutcome.Done;
    }

    private async Task SettleLockedAsync(Uri directory, long version, Func<AcmeKey, Uri?, AcmeClient> clientOf, CancellationToken cancellationToken)
    {
        // Null: whoever had the lock before has settled it.
        using var next = await book.FindAsync(directory, version, cancellationToken);
        if (next is null)
            return;
        if (await clientOf(next, null).FindAccountAsync(cancellationToken) is { } url)
        {
            await book.PromoteAsync(directory, version, cancellationToken);
            await accounts.NoteAsync(directory, url, cancellationToken);
        }
        else
        {
            await book.DropAsync(directory, version, cancellationToken);
        }
    }
}

/// <summary>What became of the wish for another key.</summary>
internal enum RolloverOutcome
{
    /// <summary>The account has another key.</summary>
    Done,

    /// <summary>There is no account yet.</summary>
    NoAccount,

    /// <summary>Another process is at it.</summary>
    UnderWay,
}
