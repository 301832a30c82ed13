using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes.Http;

namespace Gatehouse.Sync.Kubernetes.Watching;

/// <summary>One watch, from its request to its end. Nothing but cancellation is thrown.</summary>
internal sealed class WatchStream(ApiSender sender, ApiKind kind, string? ns, string? labelSelector, string resourceVersion, KubernetesClientOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private HttpResponseMessage? _response;
    private WatchLines? _lines;
    private long _openedAt;
    private bool _hasProgressed;

    /// <summary>Begins it.</summary>
    public async Task<WatchStep> OpenAsync(CancellationToken cancellationToken)
    {
        var seconds = options.WatchDuration.TotalSeconds * (1 + Random.Shared.NextDouble());
        var query = new ApiQuery().Add("watch", "true").Add("allowWatchBookmarks", "true").Add("resourceVersion", resourceVersion)
            .Add("timeoutSeconds", Math.Max(1, (int)seconds).ToString(CultureInfo.InvariantCulture)).Add("labelSelector", labelSelector);
        try
        {
            _openedAt = options.Time.GetTimestamp();
            _response = await sender.OpenAsync(new ApiRequest(HttpMethod.Get, ApiPath.OfKind(kind, ns) + query) { Tries = 1, IsConfidential = kind.IsSecret() }, cancellationToken);
            _lines = new WatchLines(await _response.Content.ReadAsStreamAsync(cancellationToken), options);
            return default;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Ended(exception);
        }
    }

    /// <summary>Waits for what comes next.</summary>
    public async Task<WatchStep> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _lines!.NextAsync(cancellationToken) is not { } line)
                return new WatchStep { End = new WatchEnd(_hasProgressed || options.Time.GetElapsedTime(_openedAt) >= AtOnce) };
            if (line.Length == 0)
                return default;
            var step = Read(Json.Object(line.Span));
            _hasProgressed |= step.Signal is not null;
            return step;
        }
        catch (SilenceException)
        {
            return new WatchStep { End = new WatchEnd(true, IsSilent: true) };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Ended(exception);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_lines is not null)
            await _lines.DisposeAsync();
        _response?.Dispose();
    }

    private WatchStep Read(JsonObject message)
    {
        if (message["object"] is not JsonObject about)
            throw Json.Malformed(null);
        var type = Json.Text(message["type"]);
        if (type == "ERROR")
            throw StatusAnswers.Of(about, Json.Number(about["code"]), kind.IsSecret());
        message.Remove("object");
        return new WatchStep
        {
            ResourceVersion = Json.Text(Json.At(about["metadata"], "resourceVersion")) is { Length: > 0 } version ? version : null,
            Signal = type switch
            {
                "ADDED" or "MODIFIED" => new Changed(about),
                "DELETED" => new Removed(about),
                "BOOKMARK" => new Alive(),
                // Types that are yet to be invented do not end a watch.
                _ => null,
            },
        };
    }

    private WatchStep Ended(Exception exception)
    {
        var failure = Failures.Of(exception, options.RequestTimeout) ?? new KubernetesException(0, "Unexpected", "The watch could not be read.", inner: exception);
        return new WatchStep { End = failure.Status == 410 ? new WatchEnd(_hasProgressed, IsExpired: true) : new WatchEnd(false, Failure: failure) };
    }
}
