using System.Globalization;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Errors;

/// <summary>The one place where failures become RFC 9457 problems.</summary>
internal static class ProblemMapping
{
    /// <summary>The HTTP answer for a failure.</summary>
    public static ProblemResult ToProblem(this Error error) => new(error);

    /// <summary>The problem document of a failure.</summary>
    public static ApiProblem ToDocument(this Error error, HttpContext context) => new()
    {
        Type = "urn:gatehouse:problem:" + error.Code,
        Title = TitleOf(error.Kind),
        Status = (int)error.Kind,
        Detail = error.Message,
        Code = error.Code,
        Errors = error.Fields,
        Referrers = error.Referrers,
        Conditions = error.Conditions,
        Objects = error.Objects,
        Line = error.Position?.Line,
        Column = error.Position?.Column,
        TraceId = Errors.TraceId.Of(context),
    };

    /// <summary>Headers that go with a failure.</summary>
    public static void SetHeaders(this Error error, HttpResponse response)
    {
        if (error.RetryAfter is { } pause)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (error.Kind == ErrorKind.Unauthenticated)
            response.Headers.WWWAuthenticate = "Bearer";
    }

    private static string TitleOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Malformed => "Malformed request",
        ErrorKind.Unauthenticated => "Not signed in",
        ErrorKind.Forbidden => "Not allowed",
        ErrorKind.NotFound => "Not found",
        ErrorKind.MethodNotAllowed => "Method not allowed",
        ErrorKind.Conflict => "Conflict",
        ErrorKind.PreconditionFailed => "Precondition failed",
        ErrorKind.TooLarge => "Request too large",
        ErrorKind.UnsupportedMediaType => "Unsupported media type",
        ErrorKind.Invalid => "Invalid request",
        ErrorKind.PreconditionRequired => "Precondition required",
        ErrorKind.TooManyRequests => "Too many requests",
        ErrorKind.Unavailable => "Unavailable",
        ErrorKind.WaitedInVain => "Not done in time",
        _ => "Internal error",
    };
}
