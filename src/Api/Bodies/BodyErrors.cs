using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Bodies;

/// <summary>The body is not JSON.</summary>
internal sealed record MalformedJsonError : Error
{
    public MalformedJsonError(string reason, long line, long column)
        : base(ErrorKind.Malformed, "malformed_json", $"The body is not valid JSON: {reason} (line {line}, column {column}).")
    {
        Position = (line, column);
    }
}

/// <summary>The body could not be read as HTTP frames it.</summary>
internal sealed record MalformedRequestError(string Message) : Error(ErrorKind.Malformed, "malformed_request", Message);

/// <summary>The body is in another format.</summary>
internal sealed record UnsupportedMediaTypeError(string Expected)
    : Error(ErrorKind.UnsupportedMediaType, "unsupported_media_type", $"Send the body with 'Content-Type: {Expected}'.");

/// <summary>The body is too long.</summary>
internal sealed record BodyTooLargeError(long Limit) : Error(ErrorKind.TooLarge, "too_large", $"The body may have at most {Limit} bytes.");
