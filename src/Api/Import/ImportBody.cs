using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Import.Documents;
using Gatehouse.Gateway.Manifests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Api.Import;

/// <summary>Reads the manifests of a request.</summary>
internal static class ImportBody
{
    public const string Yaml = "application/yaml";

    /// <summary>What to send, in the words of the refusal.</summary>
    public const string Expected = $"{Yaml}' or '{JsonBody.Json}";

    private const int Chunk = 64 * 1024;

    /// <summary>What YAML was called before RFC 9512, and JSON.</summary>
    public static readonly string[] OtherTypes = ["application/x-yaml", "text/yaml", JsonBody.Json];

    /// <summary>The manifests, in order.</summary>
    public static async Task<Result<IReadOnlyList<Manifest>>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        // Other media types never come here: routing refuses them.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Charset is { HasValue: true } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return new UnsupportedMediaTypeError(Expected);
        var json = type.MediaType.Equals(JsonBody.Json, StringComparison.OrdinalIgnoreCase);
        if (request.ContentLength > limit)
            return new BodyTooLargeError(limit);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limit;
        try
        {
            var body = await ReadAllAsync(request.Body, limit, cancellationToken);
            return body is null ? new BodyTooLargeError(limit) : ManifestDocuments.Read(body.GetBuffer().AsSpan(0, (int)body.Length), json);
        }
        catch (DocumentException exception)
        {
            return new MalformedManifestsError(exception.Message, exception.Line, exception.Column);
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new BodyTooLargeError(limit)
                : new MalformedRequestError("The body could not be read: it ended early or its framing is wrong.");
        }
    }

    /// <summary>Null: longer than the limit.</summary>
    private static async Task<MemoryStream?> ReadAllAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        var chunk = new byte[Chunk];
        while (await body.ReadAsync(chunk, cancellationToken) is > 0 and var read)
        {
            if (text.Length + read > limit)
                return null;
            text.Write(chunk, 0, read);
        }
        return text;
    }
}
