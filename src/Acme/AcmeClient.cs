using System.Text.Json.Nodes;
using Gatehouse.Acme.Answers;
using Gatehouse.Acme.Signing;
using Gatehouse.Acme.Transport;

namespace Gatehouse.Acme;

/// <summary>
/// An account with a certificate authority that speaks ACME (RFC 8555). Safe for several threads. Whatever the authority refuses or does
/// not answer is an <see cref="AcmeException"/>.
/// </summary>
public sealed partial class AcmeClient
{
    private readonly TimeProvider _clock;
    private readonly UrlRules _urls;
    private readonly AnswerReader _reader;
    private readonly AcmeSession _session;
    private readonly Polling _polling;
    private volatile Identity _identity;

    /// <summary>A client of one account.</summary>
    /// <param name="http">Sends requests, best from <see cref="AcmeHttp.Create"/>; stays the caller's.</param>
    /// <param name="directory">Address of the authority's directory: https, or http on a loopback address.</param>
    /// <param name="key">The account's key; stays the caller's.</param>
    /// <param name="account">The account's address; null: <see cref="EnsureAccountAsync"/> or <see cref="FindAccountAsync"/> comes first.</param>
    /// <param name="clock">The time.</param>
    public AcmeClient(HttpClient http, Uri directory, AcmeKey key, Uri? account = null, TimeProvider? clock = null)
        : this(http, directory, key, account, clock, TimeSpan.FromSeconds(30))
    {
    }

    internal AcmeClient(HttpClient http, Uri directory, AcmeKey key, Uri? account, TimeProvider? clock, TimeSpan requestTimeout)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(key);
        _clock = clock ?? TimeProvider.System;
        _urls = new UrlRules(directory);
        _reader = new AnswerReader(_urls);
        _session = new AcmeSession(new AcmeTransport(http, _urls, _clock, requestTimeout), _reader, directory, _clock);
        _polling = new Polling(_clock);
        _identity = new Identity(key, account);
    }

    /// <summary>The account's key, which answers challenges.</summary>
    public AcmeKey Key => _identity.Key;

    /// <summary>The account's address; null: it is not known yet.</summary>
    public Uri? Account => _identity.Account;

    /// <summary>What the authority says of itself; read at most once an hour.</summary>
    public Task<AcmeDirectory> GetDirectoryAsync(CancellationToken cancellationToken = default) => _session.DirectoryAsync(cancellationToken);

    /// <summary>Makes the account, or finds the one that its key has already; agrees to the terms (RFC 8555 section 7.3).</summary>
    /// <param name="contacts">Addresses such as <c>mailto:ops@example.com</c>; of an account that exists they stay as they are.</param>
    /// <param name="binding">What ties it to a customer account; null: nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The account's address, to be stored with its key.</returns>
    public async Task<Uri> EnsureAccountAsync(IReadOnlyList<string> contacts, ExternalAccountBinding? binding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        var key = _identity.Key;
        return await NewAccountAsync(key, url =>
        {
            var payload = new JsonObject { ["termsOfServiceAgreed"] = true };
            if (contacts.Count > 0)
                payload["contact"] = Texts(contacts);
            if (binding is not null)
                payload["externalAccountBinding"] = Jws.Binding(binding, key, url);
            return payload;
        }, cancellationToken);
    }

    /// <summary>Finds the account that its key has; null: there is none (RFC 8555 section 7.3.1).</summary>
    public async Task<Uri?> FindAccountAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await NewAccountAsync(_identity.Key, _ => new JsonObject { ["onlyReturnExisting"] = true }, cancellationToken);
        }
        catch (AcmeException none) when (none.Kind is AcmeErrorKind.AccountGone)
        {
            return null;
        }
    }

    /// <summary>Replaces the account's contacts (RFC 8555 section 7.3.2).</summary>
    /// <param name="contacts">Addresses such as <c>mailto:ops@example.com</c>; empty: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task UpdateContactsAsync(IReadOnlyList<string> contacts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        await PostAsync(RequiredAccount(), new JsonObject { ["contact"] = Texts(contacts) }, cancellationToken);
    }

    /// <summary>Gives the account up for good (RFC 8555 section 7.3.6). Its certificates stay valid.</summary>
    public Task DeactivateAccountAsync(CancellationToken cancellationToken = default) =>
        PostAsync(RequiredAccount(), new JsonObject { ["status"] = "deactivated" }, cancellationToken);

    /// <summary>
    /// Gives the account another key (RFC 8555 section 7.3.5), with which this client goes on. If the answer is lost, either key may be the
    /// account's: keep both until <see cref="FindAccountAsync"/> with the new one says which.
    /// </summary>
    /// <param name="next">The new key, of no other account; stays the caller's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ChangeKeyAsync(AcmeKey next, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(next);
        var (key, account) = (_identity.Key, RequiredAccount());
        await _session.AtEndpointAsync(
            directory => directory.KeyChange,
            url => _session.PostAsync(url, Jws.KeyChange(next, key, account, url).ToJsonString(), AcmeSession.AsAccount(key, account), cancellationToken),
            cancellationToken);
        _identity = new Identity(next, account);
    }

    private async Task<Uri> NewAccountAsync(AcmeKey key, Func<Uri, JsonObject> payload, CancellationToken cancellationToken)
    {
        var answer = await _session.AtEndpointAsync(
            directory => directory.NewAccount,
            url => _session.PostAsync(url, payload(url).ToJsonString(), AcmeSession.WithKey(key), cancellationToken),
            cancellationToken);
        if (!AnswerReader.IsUsableAccount(answer))
            throw Closed();
        var account = LocationOf(answer);
        _identity = new Identity(key, account);
        return account;
    }

    // An order that is refused says nothing of the account; one that may not even be read is closed.
    private async Task RefuseClosedAccountAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!AnswerReader.IsUsableAccount(await ReadAsync(RequiredAccount(), cancellationToken)))
                throw Closed();
        }
        catch (AcmeException refusal) when (refusal.Kind is AcmeErrorKind.Unauthorized)
        {
            throw Closed();
        }
    }

    private Uri LocationOf(Answer answer) =>
        answer.Location is { } location ? _urls.Check(location, "Location", answer.Url) : throw JsonFields.Invalid("it has no Location");

    private Task<Answer> PostAsync(Uri url, JsonObject payload, CancellationToken cancellationToken) =>
        _session.PostAsync(url, payload.ToJsonString(), AsAccount(), cancellationToken);

    private async Task<Answer> ReadAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            return await _session.PostAsync(url, "", AsAccount(), cancellationToken);
        }
        catch (AcmeException refusal) when (refusal.Kind is AcmeErrorKind.Malformed)
        {
            throw AcmeErrors.OfRead(refusal);
        }
    }

    private AcmeSession.Sign AsAccount()
    {
        var identity = _identity;
        return AcmeSession.AsAccount(identity.Key, identity.Account ?? throw NoAccount());
    }

    private Uri RequiredAccount() => _identity.Account ?? throw NoAccount();

    private static AcmeException Closed() => new(AcmeErrorKind.AccountClosed, "The account was closed: it needs a new key.");

    private static InvalidOperationException NoAccount() => new("The account is not known yet.");

    private static JsonArray Texts(IReadOnlyList<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private sealed record Identity(AcmeKey Key, Uri? Account);
}
