using Gatehouse.Acme;
using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Issuance.Authorities;

/// <summary>The platform's accounts at its certificate authorities, for those who operate them.</summary>
public sealed class AuthorityAccounts
{
    private readonly IssuanceOptions _options;
    private readonly AccountBook _accounts;
    private readonly AuthorityClients _clients;

    internal AuthorityAccounts(IssuanceOptions options, AccountBook accounts, AuthorityClients clients) => (_options, _accounts, _clients) = (options, accounts, clients);

    /// <summary>All authorities in the platform's order, each with its account.</summary>
    public async Task<IReadOnlyList<AuthorityAccount>> ListAsync(CancellationToken cancellationToken = default)
    {
        var accounts = new List<AuthorityAccount>();
        foreach (var authority in _options.Authorities)
            accounts.Add(await ReadAsync(authority, cancellationToken));
        return accounts;
    }

    /// <summary>One of them; null: the platform has no authority of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AuthorityAccount?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        _clients.Find(name) is { } authority ? await ReadAsync(authority, cancellationToken) : null;

    /// <summary>Gives the account of an authority another key.</summary>
    /// <param name="name">Name of an authority.</param>
    /// <param name="cancellationToken">Ends it. Whenever it ends, which key is the right one is found out at the next use.</param>
    public async Task<AccountRollover> RollAsync(string name, CancellationToken cancellationToken = default)
    {
        if (_clients.Find(name) is not { } authority)
            return AccountRollover.NoAccount;
        try
        {
            return await _clients.RollAsync(authority, cancellationToken) switch
            {
                RolloverOutcome.Done => AccountRollover.Done,
                RolloverOutcome.UnderWay => AccountRollover.UnderWay,
                _ => AccountRollover.NoAccount,
            };
        }
        catch (AcmeException failure)
        {
            return failure.IsPermanent ? AccountRollover.Refused : AccountRollover.Away;
        }
        catch (UnreadableKeyException)
        {
            return AccountRollover.KeyUnreadable;
        }
    }

    private async Task<AuthorityAccount> ReadAsync(AuthorityOptions authority, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await _accounts.FindAsync(authority.Directory, cancellationToken);
            return new AuthorityAccount(authority.Name, authority.Directory, stored?.Url, stored?.Key.Thumbprint, stored?.KeyCreatedAt, stored?.HasNext ?? false);
        }
        catch (UnreadableKeyException)
        {
            return new AuthorityAccount(authority.Name, authority.Directory, null, null, null, false);
        }
    }
}

/// <summary>The platform's account at a certificate authority.</summary>
/// <param name="Name">Name of the authority.</param>
/// <param name="Directory">Its directory.</param>
/// <param name="AccountUrl">The account's address; null: nothing was ordered yet, or its key cannot be read.</param>
/// <param name="KeyThumbprint">SHA-256 of its public key as JWK, base64url (RFC 7638); null: there is none, or it cannot be read.</param>
/// <param name="KeyCreatedAt">When the key was drawn.</param>
/// <param name="IsUnsettled">Whether giving it another key broke off; which one is the right one is found out at the next use.</param>
public sealed record AuthorityAccount(string Name, Uri Directory, Uri? AccountUrl, string? KeyThumbprint, DateTimeOffset? KeyCreatedAt, bool IsUnsettled);

/// <summary>What became of the wish for another key of an account.</summary>
public enum AccountRollover
{
    /// <summary>The account has another key.</summary>
    Done,

    /// <summary>There is no account yet: it is made with a key of its own at the first order.</summary>
    NoAccount,

    /// <summary>Another process is at it.</summary>
    UnderWay,

    /// <summary>The authority refuses it.</summary>
    Refused,

    /// <summary>The authority does not answer.</summary>
    Away,

    /// <summary>The stored key cannot be decrypted.</summary>
    KeyUnreadable,
}
