using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Gatehouse.Sync.Probing;

/// <summary>One answer to a probe.</summary>
/// <param name="Address">Where it came from: <c>address:port</c>.</param>
/// <param name="Status">HTTP status; null: no answer.</param>
/// <param name="Headers">Headers, but for those that differ from answer to answer.</param>
/// <param name="BodyHash">SHA-256 of the body, as far as it was read; null: none was.</param>
/// <param name="BodyBytes">Bytes that were read.</param>
/// <param name="Problem">Why there is no answer.</param>
internal sealed record ProbeAnswer(string Address, int? Status, IReadOnlyDictionary<string, string> Headers, string? BodyHash, long BodyBytes, string? Problem);

/// <summary>Sends one request to one address with the production Host, as a client would once DNS points there. No redirect is followed.</summary>
internal static class ProbeRequest
{
    private const int MaxBody = 1 << 20;
    private const int MaxHeader = 512;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly HashSet<string> Varying = new(StringComparer.OrdinalIgnoreCase) { "Date", "Age", "Set-Cookie", "X-Request-Id", "Traceparent", "Connection", "Keep-Alive", "Expires", "Last-Modified" };

    public static async Task<ProbeAnswer> SendAsync(IPAddress address, int port, bool isTls, string hostname, string method, string path, CancellationToken cancellationToken)
    {
        var place = new IPEndPoint(address, port).ToString();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new HttpMessageInvoker(HandlerOf(address, port, hostname));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{(isTls ? "https" : "http")}://{hostname}:{port}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Host = hostname;
        request.Headers.TryAddWithoutValidation("User-Agent", "gatehouse-probe");
        try
        {
            using var response = await client.SendAsync(request, patience.Token);
            var (hash, bytes) = await HashAsync(response.Content, patience.Token);
            return new ProbeAnswer(place, (int)response.StatusCode, HeadersOf(response), hash, bytes, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(place, $"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return Failed(place, (failure.InnerException ?? failure) switch
            {
                SocketException socket => $"the connection failed: {socket.SocketErrorCode}",
                System.Security.Authentication.AuthenticationException => "the TLS handshake failed",
                _ => "the connection broke off",
            });
        }
    }

    // Whom the certificate names is the business of those who trust it; that a backend answers is what is asked here.
    private static SocketsHttpHandler HandlerOf(IPAddress address, int port, string hostname) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        SslOptions = new SslClientAuthenticationOptions { TargetHost = hostname, RemoteCertificateValidationCallback = static (_, _, _, errors) => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) },
        ConnectCallback = async (_, ending) =>
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, ending);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static async Task<(string Hash, long Bytes)> HashAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[16 * 1024];
        long total = 0;
        for (int read; total < MaxBody && (read = await body.ReadAsync(buffer, cancellationToken)) > 0; total += read)
            hash.AppendData(buffer, 0, read);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
    }

    private static SortedDictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(static header => !Varying.Contains(header.Key)))
        {
            var value = string.Join(", ", values);
            headers[name.ToLowerInvariant()] = value.Length > MaxHeader ? value[..MaxHeader] : value;
        }
        return headers;
    }

    private static ProbeAnswer Failed(string place, string problem) => new(place, null, new Dictionary<string, string>(), null, 0, problem);
}
