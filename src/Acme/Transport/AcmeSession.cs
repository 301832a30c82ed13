using Gatehouse.Acme.Answers;
using Gatehouse.Acme.Signing;

namespace Gatehouse.Acme.Transport;

/// <summary>Signed requests to one authority: its directory, its nonces, and what is tried again.</summary>
internal sealed class AcmeSession(AcmeTransport transport, AnswerReader reader, Uri directoryUrl, TimeProvider clock)
{
    private const string Json = "application/json";
    private const int MostBadNonces = 128;
    private const int BadNoncesWithoutPause = 8;

    private static readonly TimeSpan DirectoryLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan BadNoncePause = TimeSpan.FromMilliseconds(100);

    private readonly NoncePool _nonces = new();
    private volatile CachedDirectory? _directory;

    /// <summary>How a request is signed: given an address, a nonce and a payload, its JWS.</summary>
    public delegate string Sign(Uri url, string nonce, string payload);

    /// <summary>The directory, read at most once an hour.</summary>
    public async Task<AcmeDirectory> DirectoryAsync(CancellationToken cancellationToken)
    {
        if (_directory is { } cached && clock.GetElapsedTime(cached.ReadAt) < DirectoryLifetime)
            return cached.Directory;
        return await ReadDirectoryAsync(cancellationToken);
    }

    /// <summary>Asks without a signature; only the directory and renewal information are read like this.</summary>
    public async Task<Answer> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        var answer = await transport.SendAsync(HttpMethod.Get, url, null, Json, AcmeTransport.MaxJson, cancellationToken);
        _nonces.Add(answer.Nonce);
        return answer.IsSuccess ? answer : throw AcmeErrors.Of(answer);
    }

    /// <summary>Calls an address of the directory. If it is not there and the directory names another one by now, calls that.</summary>
    public async Task<Answer> AtEndpointAsync(
        Func<AcmeDirectory, Uri?> endpoint, Func<Uri, Task<Answer>> call, CancellationToken cancellationToken)
    {
        var known = _directory is not null;
        var url = Endpoint(await DirectoryAsync(cancellationToken));
        try
        {
            return await call(url);
        }
        catch (AcmeException gone) when (known && gone.HttpStatus is 404 or 405 or 410)
        {
            var now = Endpoint(await ReadDirectoryAsync(cancellationToken));
            if (now == url)
                throw;
            return await call(now);
        }

        Uri Endpoint(AcmeDirectory directory) => endpoint(directory)
            ?? throw new AcmeException(AcmeErrorKind.Unsupported, "The certificate authority's directory does not offer this.");
    }

    /// <summary>Sends a signed request. A nonce that is refused is replaced by the refusal's own, up to 128 times.</summary>
    /// <param name="url">Address.</param>
    /// <param name="payload">JSON, or empty to read (POST-as-GET).</param>
    /// <param name="sign">Signs it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="accept">Media type that is wanted.</param>
    /// <param name="most">Most bytes of the answer's body.</param>
    public async Task<Answer> PostAsync(
        Uri url, string payload, Sign sign, CancellationToken cancellationToken, string accept = Json, int most = AcmeTransport.MaxJson)
    {
        var nonce = _nonces.Take();
        for (var refused = 0; ; refused++)
        {
            nonce ??= await NewNonceAsync(cancellationToken);
            var answer = await transport.SendAsync(HttpMethod.Post, url, sign(url, nonce, payload), accept, most, cancellationToken);
            if (answer.IsSuccess)
            {
                _nonces.Add(answer.Nonce);
                return answer;
            }
            var error = AcmeErrors.Of(answer);
            if (error.Kind is not AcmeErrorKind.BadNonce || refused == MostBadNonces)
            {
                _nonces.Add(answer.Nonce);
                throw error;
            }
            nonce = answer.Nonce;
            if (refused >= BadNoncesWithoutPause)
                await Task.Delay(BadNoncePause, clock, cancellationToken);
        }
    }

    /// <summary>Signs in the name of an account.</summary>
    public static Sign AsAccount(IJwsSigner key, Uri account) => (url, nonce, payload) => Jws.ByAccount(key, account, url, nonce, payload);

    /// <summary>Signs with a key that the request brings along.</summary>
    public static Sign WithKey(IJwsSigner key) => (url, nonce, payload) => Jws.ByKey(key, url, nonce, payload);

    private async Task<string> NewNonceAsync(CancellationToken cancellationToken)
    {
        var answer = await AtEndpointAsync(
            directory => directory.NewNonce,
            async url =>
            {
                var head = await transport.SendAsync(HttpMethod.Head, url, null, Json, AcmeTransport.MaxJson, cancellationToken);
                return head.IsSuccess ? head : throw AcmeErrors.Of(head);
            },
            cancellationToken);
        return answer.Nonce ?? throw JsonFields.Invalid("it has no nonce");
    }

    private async Task<AcmeDirectory> ReadDirectoryAsync(CancellationToken cancellationToken)
    {
        var directory = reader.Directory(await GetAsync(directoryUrl, cancellationToken));
        _directory = new CachedDirectory(directory, clock.GetTimestamp());
        return directory;
    }

    private sealed record CachedDirectory(AcmeDirectory Directory, long ReadAt);
}
