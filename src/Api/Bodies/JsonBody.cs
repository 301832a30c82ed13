using System.Text.Json;
using Gatehouse.Api.Errors;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Api.Bodies;

/// <summary>Reads request bodies so that every failure says what is wrong and where.</summary>
internal static class JsonBody
{
    public const string MergePatch = "application/merge-patch+json";
    public const string Json = "application/json";

    /// <summary>Most bytes of a body: an HTTPRoute at all of its limits fits.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>Reads the body as one JSON value.</summary>
    /// <param name="request">Request.</param>
    /// <param name="mediaType"><see cref="Json"/> or <see cref="MergePatch"/>.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async Task<Result<JsonElement>> ReadAsync(HttpRequest request, string mediaType, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var contentType)
            || !contentType.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
            || (contentType.Charset.HasValue && !contentType.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            return new UnsupportedMediaTypeError(mediaType);
        }
        if (request.ContentLength > MaxBytes)
            return new BodyTooLargeError(MaxBytes);
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Options, cancellationToken);
            return StorableText.Find(document.RootElement) is { } fields ? new InvalidError(fields) : document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            return new MalformedJsonError(ReasonOf(exception), (exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new BodyTooLargeError(MaxBytes)
                : new MalformedRequestError("The body could not be read: it ended early or its framing is wrong.");
        }
    }

    /// <summary>The parser's words without its own " LineNumber: … " suffix.</summary>
    private static string ReasonOf(JsonException exception)
    {
        var suffix = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = suffix < 0 ? exception.Message : exception.Message[..suffix];
        return message.TrimEnd('.').Replace('\'', '`');
    }
}
