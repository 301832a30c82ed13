using Gatehouse.DataPlane.Routing;

namespace Gatehouse.DataPlane.Challenges;

/// <summary>Answers challenges over plain HTTP (RFC 8555 §8.3), before anything that a tenant configures.</summary>
internal static class HttpChallenge
{
    private const string Prefix = "/.well-known/acme-challenge/";

    /// <summary>The challenge that a request asks for; null: it is none of ours and goes on like any other.</summary>
    /// <param name="request">Request.</param>
    /// <param name="table">Table.</param>
    /// <param name="host">Normal form of the name that was asked for.</param>
    /// <param name="path">Normal form of the path.</param>
    public static ChallengeState? Find(HttpRequest request, RouteTable table, ReadOnlySpan<char> host, ReadOnlySpan<char> path) =>
        path.StartsWith(Prefix) && table.Challenges.TryFindHttp(path[Prefix.Length..], host, out var challenge)
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            ? challenge
            : null;

    /// <summary>Answers with the key authorization.</summary>
    public static Task AnswerAsync(HttpContext context, ChallengeState challenge)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/octet-stream";
        response.ContentLength = challenge.Body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(challenge.Body, context.RequestAborted).AsTask();
    }
}
