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

    private const int Chunk = 64 * 1024;

    private static readonly string[] YamlTypes = [Yaml, "application/x-yaml", "text/yaml", "text/x-yaml", "application/vnd.yaml"];

    /// <summary>The manifests, in order.</summary>
    public static async Task<Result<IReadOnlyList<Manifest>>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Charset is { HasValue: true } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return new UnsupportedMediaTypeError($"{Yaml}' or '{JsonBody.Json}");
        var json = type.MediaType.Equals(JsonBody.Json, StringComparison.OrdinalIgnoreCase);
        if (!json && !YamlTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
            return new UnsupportedMediaTypeError($"{Yaml}' or '{JsonBody.Json}");
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
