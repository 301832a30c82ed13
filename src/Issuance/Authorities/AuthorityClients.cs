using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Acme;

namespace Gatehouse.Issuance.Authorities;

/// <summary>Clients of the certificate authorities, each with its account.</summary>
internal sealed class AuthorityClients(IssuanceOptions options, AccountBook accounts, AccountKeys keys, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, HttpClient> _http = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (AcmeClient Client, long Version)> _clients = new(StringComparer.Ordinal);
    // One for each: an authority that does not answer keeps nobody from the next one.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _opening = new(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var http in _http.Values)
            http.Dispose();
        foreach (var opening in _opening.Values)
            opening.Dispose();
    }

    /// <summary>An authority by name.</summary>
    public AuthorityOptions? Find(string? name) => options.Authorities.FirstOrDefault(authority => authority.Name == name);

    /// <summary>The one after another in the platform's order; null: it is the last.</summary>
    public AuthorityOptions? After(string name) => options.Authorities.SkipWhile(authority => authority.Name != name).Skip(1).FirstOrDefault();

    /// <summary>A client whose account is known to the authority.</summary>
    public async Task<AcmeClient> OpenAsync(AuthorityOptions authority, CancellationToken cancellationToken)
    {
        if (await KnownAsync(authority, cancellationToken) is { } known)
            return known;
        var opening = _opening.GetOrAdd(authority.Name, static _ => new SemaphoreSlim(1, 1));
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (await KnownAsync(authority, cancellationToken) is { } opened)
                return opened;
            var stored = await accounts.OpenAsync(authority.Directory, cancellationToken);
            stored = await keys.SettleAsync(stored, authority.Directory, (key, url) => ClientOf(authority, key, url), cancellationToken);
            var client = ClientOf(authority, stored.Key, stored.Url);
            if (stored.Url is null)
                await accounts.NoteAsync(authority.Directory, await client.EnsureAccountAsync(authority.Contacts, BindingOf(authority), cancellationToken), cancellationToken);
            _clients[authority.Name] = (client, stored.Version);
            return client;
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>Whether the account has another key by now than a client that was opened before.</summary>
    public async Task<bool> IsOutdatedAsync(AuthorityOptions authority, AcmeClient client, CancellationToken cancellationToken) =>
        await KnownAsync(authority, cancellationToken) is not { } known || !ReferenceEquals(known, client);

    /// <summary>Gives the account another key.</summary>
    /// <exception cref="AcmeException">The authority refuses it, or cannot be asked.</exception>
    public Task<RolloverOutcome> RollAsync(AuthorityOptions authority, CancellationToken cancellationToken) =>
        keys.RollAsync(authority.Directory, (key, url) => ClientOf(authority, key, url), cancellationToken);

    /// <summary>The authority does not know the account any more (it was set up anew, or closed it): the next client registers again.</summary>
    public async Task ForgetAsync(AuthorityOptions authority, CancellationToken cancellationToken)
    {
        _clients.TryRemove(authority.Name, out _);
        await accounts.NoteAsync(authority.Directory, null, cancellationToken);
    }

    // Another process may have given the account another key: one look each time is cheap beside what follows.
    private async Task<AcmeClient?> KnownAsync(AuthorityOptions authority, CancellationToken cancellationToken)
    {
        if (!_clients.TryGetValue(authority.Name, out var known))
            return null;
        var (version, hasNext) = await accounts.VersionAsync(authority.Directory, cancellationToken);
        return version == known.Version && !hasNext ? known.Client : null;
    }

    private AcmeClient ClientOf(AuthorityOptions authority, AcmeKey key, Uri? url) => new(_http.GetOrAdd(authority.Name, _ => HttpOf(authority)), authority.Directory, key, url, clock);

    private static ExternalAccountBinding? BindingOf(AuthorityOptions authority) =>
        authority is { ExternalAccountKeyId: { } id, ExternalAccountKey: { } key }
            ? new ExternalAccountBinding(id, System.Buffers.Text.Base64Url.DecodeFromChars(key.Reveal().TrimEnd('=')))
            : null;

    private static HttpClient HttpOf(AuthorityOptions authority)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
        if (authority.RootsFile is { } file)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return new HttpClient(handler) { Timeout = Timeout };
    }
}
