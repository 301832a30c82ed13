using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes.Http;

namespace Gatehouse.Sync.Kubernetes;

/// <summary>Reads lists page by page (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).</summary>
internal sealed class ObjectLists(ApiSender sender, KubernetesClientOptions options)
{
    private const int Restarts = 2;

    /// <summary>Reads all objects of one moment.</summary>
    /// <exception cref="KubernetesException">It failed.</exception>
    public async Task<ObjectList> ReadAsync(ApiKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        var resourceVersion = await ReadEachAsync(kind, ns, labelSelector, items.Clear, items.Add, cancellationToken);
        return new ObjectList(items, resourceVersion);
    }

    /// <summary>Reads all objects of one moment and keeps none; returns the list's resource version.</summary>
    /// <exception cref="KubernetesException">It failed.</exception>
    public async Task<string> ReadEachAsync(ApiKind kind, string? ns, string? labelSelector, Action begin, Action<JsonObject> take, CancellationToken cancellationToken)
    {
        for (var restarts = 0; ; restarts++)
        {
            begin();
            try
            {
                // Where pages grow old before the last one is read, all is read at once.
                return await ReadPagesAsync(kind, ns, labelSelector, restarts < Restarts ? options.PageSize : null, take, cancellationToken);
            }
            catch (KubernetesException exception) when (exception.Status == 410 && restarts < Restarts)
            {
                // The token of the next page is too old.
            }
        }
    }

    private async Task<string> ReadPagesAsync(ApiKind kind, string? ns, string? labelSelector, int? pageSize, Action<JsonObject> take, CancellationToken cancellationToken)
    {
        string? next = null;
        while (true)
        {
            var query = new ApiQuery().Add("labelSelector", labelSelector).Add("limit", pageSize?.ToString()).Add("continue", next);
            var answer = await sender.SendAsync(new ApiRequest(HttpMethod.Get, ApiPath.OfKind(kind, ns) + query) { IsConfidential = kind.IsSecret() }, cancellationToken);
            var (resourceVersion, following) = ReadPage(answer.Body.Span, kind, take);
            if (following.Length == 0)
                return resourceVersion;
            next = following;
        }
    }

    /// <summary>Each object is parsed by itself: one that is kept does not keep its whole page in memory.</summary>
    private static (string ResourceVersion, string Next) ReadPage(ReadOnlySpan<byte> json, ApiKind kind, Action<JsonObject> take)
    {
        try
        {
            JsonNode? metadata = null;
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw Json.Malformed(null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isItems, isMetadata) = (reader.ValueTextEquals("items"u8), reader.ValueTextEquals("metadata"u8));
                reader.Read();
                if (isItems)
                    ReadItems(ref reader, json, kind, take);
                else if (isMetadata)
                    metadata = JsonNode.Parse(ref reader);
                else
                    reader.Skip();
            }
            var resourceVersion = Json.Text(Json.At(metadata, "resourceVersion"));
            return resourceVersion.Length > 0 ? (resourceVersion, Json.Text(Json.At(metadata, "continue"))) : throw Json.Malformed(null);
        }
        catch (JsonException exception)
        {
            throw Json.Malformed(exception);
        }
    }

    private static void ReadItems(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ApiKind kind, Action<JsonObject> take)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var item = Json.Object(json[start..(int)reader.BytesConsumed]);
            // Items of built-in kinds come without what every other answer says.
            item.TryAdd("apiVersion", JsonValue.Create(kind.ApiVersion));
            item.TryAdd("kind", JsonValue.Create(kind.Kind));
            take(item);
        }
    }
}
