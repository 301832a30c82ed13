using Gatehouse.Persistence.Idempotency;

namespace Gatehouse.Api.Idempotency;

/// <summary>Repeats the answer that the first POST with this Idempotency-Key got.</summary>
/// <param name="stored">That answer.</param>
internal sealed class ReplayResult(IdempotencyKey stored) : IResult
{
    public const string Header = "Idempotency-Replayed";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = stored.Status;
        response.Headers[Header] = "true";
        response.Headers.Location = stored.Location;
        response.Headers.ETag = stored.ETag;
        response.ContentType = "application/json; charset=utf-8";
        await response.WriteAsync(stored.Body ?? "{}", httpContext.RequestAborted);
    }
}
