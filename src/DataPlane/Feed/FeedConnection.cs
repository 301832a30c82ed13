using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Feed;

/// <summary>HTTP towards the control plane: the feed's lines, and acknowledgements.</summary>
internal sealed class FeedConnection(DataPlaneOptions options) : IDisposable
{
    private const int MaxLine = 64 << 20;

    /// <summary>The feed says something every few seconds; silence means that the connection is dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private static readonly JsonSerializerOptions Json = MatchTableJson.Options;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = options.FeedCa is { } file ? Trusting(file) : null },
    })
    {
        BaseAddress = options.Feed,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Reads frames until the connection ends.</summary>
    /// <param name="position">What is in force.</param>
    /// <param name="lacksCertificates">Whether certificates are to be sent again, although their entries did not change.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FeedFrame> ReadAsync(FeedPosition position, bool lacksCertificates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(Silence);
        using var request = await RequestAsync(HttpMethod.Get, FeedTarget(position, lacksCertificates), silence.Token);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        response.EnsureSuccessStatusCode();
        var lines = PipeReader.Create(await response.Content.ReadAsStreamAsync(silence.Token), new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        try
        {
            while (true)
            {
                silence.CancelAfter(Silence);
                var read = await lines.ReadAsync(silence.Token);
                var rest = read.Buffer;
                while (TryLine(ref rest, out var line))
                    yield return Parse(line);
                if (rest.Length > MaxLine)
                    throw new FeedMismatchException("a line of the feed is too long");
                lines.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    public async Task<AcknowledgementReply?> AcknowledgeAsync(Acknowledgement acknowledgement, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Silence);
        using var request = await RequestAsync(HttpMethod.Post, "internal/v1/acks", limit.Token);
        request.Content = JsonContent.Create(acknowledgement, options: Json);
        using var response = await _http.SendAsync(request, limit.Token);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<AcknowledgementReply>(Json, limit.Token);
    }

    public void Dispose() => _http.Dispose();

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }

    private static string FeedTarget(FeedPosition position, bool lacksCertificates)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"internal/v1/feed?since={position.Revision}&schema={MatchTableJson.SchemaVersion}");
        return position.Revision == 0
            ? target
            : $"{target}&hash={TableHash.Format(position.Hash)}&compiler={Uri.EscapeDataString(position.CompilerVersion ?? "")}{(lacksCertificates ? "&certificates=all" : "")}";
    }

    // The credential is read each time, so that a new one needs no restart.
    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string target, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, target);
        if (options.CredentialFile is { } file)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, cancellationToken)).Trim());
        return request;
    }

    private static bool TryLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static FeedFrame Parse(ReadOnlySequence<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return JsonSerializer.Deserialize<FeedFrame>(ref reader, Json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new FeedMismatchException("a line of the feed is not a frame");
        }
    }
}
