using System.Net;
using Gatehouse.Sync.Kubernetes.Access;

namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>Sends requests: with credentials, with a limit of time for all tries together, again where that may help.</summary>
internal sealed class ApiSender(ClusterAccess access, KubernetesClientOptions options) : IDisposable
{
    private readonly TransportPool _transports = new(access.Endpoint, options);
    private readonly string _base = access.Endpoint.Server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/";

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <exception cref="KubernetesException">It failed.</exception>
    public Task<ApiAnswer> SendAsync(ApiRequest request, CancellationToken cancellationToken) => TryAsync(request, async (response, limit) =>
    {
        using (response)
            return new ApiAnswer(response.StatusCode, await BoundedContent.ReadAsync(response.Content, options.AnswerBytes, limit));
    }, cancellationToken);

    /// <summary>Sends a request and returns once its answer begins; what follows has no limit of time.</summary>
    /// <exception cref="KubernetesException">It failed.</exception>
    public Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, static (response, _) => Task.FromResult(response), cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        _transports.Dispose();
        access.Credentials.Dispose();
    }

    private async Task<T> TryAsync<T>(ApiRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.RequestTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        for (var failures = 1; ; failures++)
        {
            KubernetesException failure;
            try
            {
                return await read(await SendOnceAsync(request, either.Token), either.Token);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failure = Failures.Of(exception, timeout.IsCancellationRequested ? options.RequestTimeout : options.ConnectTimeout) ?? throw new InvalidOperationException("A request to an API server could not be made.", exception);
            }
            var wait = failure.RetryAfter ?? Backoff.After(failures, options);
            // Longer than the caller waits: it is told, and comes back when it likes.
            if (failures >= (request.Tries ?? options.Tries) || !MayPass(failure) || options.Time.GetElapsedTime(started) + wait >= options.RequestTimeout)
                throw failure;
            await Task.Delay(wait, options.Time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var credential = await access.Credentials.GetAsync(null, cancellationToken);
        var response = await SendAsync(request, credential, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && await access.Credentials.GetAsync(credential, cancellationToken) is var other && !ReferenceEquals(other, credential))
        {
            response.Dispose();
            response = await SendAsync(request, other, cancellationToken);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await StatusAnswers.ReadAsync(response, request.IsConfidential, options.Time, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(ApiRequest request, Credential credential, CancellationToken cancellationToken)
    {
        var invoker = await _transports.GetAsync(credential.Certificate, cancellationToken);
        using var message = new HttpRequestMessage(request.Method, _base + request.Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        // The name that TLS asks for and checks is the one of this header.
        if (access.Endpoint.TlsServerName is { } name)
            message.Headers.Host = name;
        if (credential.Token is { } token && !message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Reveal()))
            throw new CredentialException("The token cannot be sent: it holds characters that no header takes.");
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }
        return await invoker.SendAsync(message, cancellationToken);
    }

    /// <summary>A plain 500 is a bug or a refusal in other words more often than something that passes; 503 and 504 pass.</summary>
    private static bool MayPass(KubernetesException failure) =>
        failure.RetryAfter is not null ? failure.IsTransient : failure.Status is 429 or 502 or 503 or 504 || failure is { Status: 0, Reason: Failures.NoAnswer };
}

/// <summary>An answer that was read.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body.</param>
internal readonly record struct ApiAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body);
