using System.Net.Http.Headers;
using Gatehouse.Acme.Answers;

namespace Gatehouse.Acme.Transport;

/// <summary>One request, one bounded answer.</summary>
internal sealed class AcmeTransport(HttpClient http, UrlRules urls, TimeProvider clock, TimeSpan timeout)
{
    /// <summary>Most bytes of JSON.</summary>
    public const int MaxJson = 64 * 1024;

    /// <summary>Most bytes of a chain.</summary>
    public const int MaxChain = 1024 * 1024;

    private const int MaxAlternates = 8;
    private const int BufferSize = 16 * 1024;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(8);
    private static readonly ProductInfoHeaderValue UserAgent = new("Gatehouse", typeof(AcmeTransport).Assembly.GetName().Version!.ToString(3));

    /// <summary>Sends a request and reads its answer, whatever its status.</summary>
    /// <param name="method">Method.</param>
    /// <param name="url">Address.</param>
    /// <param name="jws">A signed body; null: none.</param>
    /// <param name="accept">Media type that is wanted.</param>
    /// <param name="most">Most bytes of the answer's body.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Answer> SendAsync(HttpMethod method, Uri url, string? jws, string accept, int most, CancellationToken cancellationToken)
    {
        if (!urls.IsAllowed(url))
            throw new ArgumentException("The address is none that this authority's rules allow.", nameof(url));
        using var patience = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, url);
            request.Headers.UserAgent.Add(UserAgent);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
            if (jws is not null)
            {
                request.Content = new StringContent(jws);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/jose+json");
            }
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.RequestMessage?.RequestUri != url)
                throw JsonFields.Invalid("it redirects, and was followed");
            return await ReadAsync(url, response, most, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AcmeException(AcmeErrorKind.Unreachable, "The certificate authority did not answer in time.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new AcmeException(AcmeErrorKind.Unreachable, "The certificate authority cannot be reached.", failure);
        }
    }

    private async Task<Answer> ReadAsync(Uri url, HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(response.Content, most, cancellationToken);
        var headers = response.Headers;
        var nonce = headers.TryGetValues("Replay-Nonce", out var nonces) ? nonces.FirstOrDefault() : null;
        return new Answer(url, (int)response.StatusCode, body)
        {
            Location = headers.TryGetValues("Location", out var locations) ? locations.FirstOrDefault() : null,
            RetryAfter = RetryAfterOf(headers.RetryAfter),
            Nonce = NoncePool.IsNonce(nonce) ? nonce : null,
            Alternates = headers.TryGetValues("Link", out var links) ? LinkHeader.Targets(links, "alternate", MaxAlternates) : [],
        };
    }

    private static async Task<byte[]> BodyAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > most)
            throw TooLarge(most);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > most)
                throw TooLarge(most);
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static AcmeException TooLarge(int most) => JsonFields.Invalid($"it has more than {most / 1024} KiB");

    private DateTimeOffset? RetryAfterOf(RetryConditionHeaderValue? header)
    {
        var now = clock.GetUtcNow();
        var wait = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return wait is not { } span ? null : now + (span < TimeSpan.Zero ? TimeSpan.Zero : span > LongestRetryAfter ? LongestRetryAfter : span);
    }
}
