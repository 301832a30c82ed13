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
        for (var restarts = 0; ; restarts++)
        {
            try
            {
                // Where pages grow old before the last one is read, all is read at once.
                return await ReadPagesAsync(kind, ns, labelSelector, restarts < Restarts ? options.PageSize : null, cancellationToken);
            }
            catch (KubernetesException exception) when (exception.Status == 410 && restarts < Restarts)
            {
                // The token of the next page is too old.
            }
        }
    }

    private async Task<ObjectList> ReadPagesAsync(ApiKind kind, string? ns, string? labelSelector, int? pageSize, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        string? next = null;
        while (true)
        {
            var query = new ApiQuery().Add("labelSelector", labelSelector).Add("limit", pageSize?.ToString()).Add("continue", next);
            var answer = await sender.SendAsync(new ApiRequest(HttpMethod.Get, ApiPath.OfKind(kind, ns) + query) { IsConfidential = kind.IsSecret() }, cancellationToken);
            var (resourceVersion, following) = ReadPage(answer.Body.Span, kind, items);
            if (following.Length == 0)
                return new ObjectList(items, resourceVersion);
            next = following;
        }
    }

    /// <summary>Each object is parsed by itself: one that is kept does not keep its whole page in memory.</summary>
    private static (string ResourceVersion, string Next) ReadPage(ReadOnlySpan<byte> json, ApiKind kind, List<JsonObject> items)
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
                    ReadItems(ref reader, json, kind, items);
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

    private static void ReadItems(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ApiKind kind, List<JsonObject> items)
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
            items.Add(item);
        }
    }
}
