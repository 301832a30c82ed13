using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Api.Errors;

/// <summary>Writes a failure as <c>application/problem+json</c>.</summary>
/// <param name="error">Failure.</param>
internal sealed class ProblemResult(Error error) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public Error Error { get; } = error;

    public int? StatusCode => (int)Error.Kind;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = (int)Error.Kind;
        Error.SetHeaders(response);
        await response.WriteAsJsonAsync(Error.ToDocument(httpContext), Json, ContentType, httpContext.RequestAborted);
    }
}
