using System.Globalization;
using System.Net;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Control.Replicas;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Control.Feed;

/// <summary>The config feed and the acknowledgements, for data planes only.</summary>
public static class FeedEndpoints
{
    private const string Credential = "Gatehouse.DataPlanePool";
    private const long MaxAcknowledgementBytes = 64 << 20;

    /// <summary>Maps <c>GET /internal/v1/feed</c> and <c>POST /internal/v1/acks</c>, which ask for a data-plane credential themselves.</summary>
    public static RouteGroupBuilder MapConfigFeed(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/internal/v1").ExcludeFromDescription().AllowAnonymous().AddEndpointFilter(AuthenticateAsync);
        group.MapGet("/feed", StreamAsync);
        group.MapPost("/acks", AcknowledgeAsync);
        return group;
    }

    /// <summary>Whether nobody else can read a connection: it is TLS, or does not leave the machine. What a client or proxy says in headers does not count.</summary>
    public static bool IsPrivate(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.IsHttps || http.Connection.RemoteIpAddress is not { } peer || IPAddress.IsLoopback(peer);
    }

    private static ValueTask<object?> AuthenticateAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var pool = http.RequestServices.GetRequiredService<DataPlaneCredentials>().PoolOf(http.Request.Headers.Authorization);
        if (pool is null)
        {
            return ValueTask.FromResult<object?>(TypedResults.Problem(
                "Show the credential of a data-plane pool.", statusCode: StatusCodes.Status401Unauthorized, extensions: Code("unauthenticated")));
        }

        http.Items[Credential] = pool;
        return next(context);
    }

    private static async Task StreamAsync(HttpContext http, PoolFeeds feeds, PrivateKeyReader privateKeys, ControlOptions options, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        // A feed that is asked for while the host stops is empty, and no failure.
        await http.Response.StartAsync(http.RequestAborted);
        var keys = new FeedKeys(privateKeys, IsPrivate(http));
        using var writer = new FrameWriter(http.Response.BodyWriter, keys);
        var stream = new FeedStream(feeds.Of(PoolOf(http)), writer, keys, options, clock);
        try
        {
            await stream.RunAsync(PositionOf(http.Request.Query), http.Request.Query["certificates"] == "all", stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The data plane went away, or this process ends; it connects again.
        }
    }

    private static async Task<Results<JsonHttpResult<AcknowledgementReply>, ProblemHttpResult>> AcknowledgeAsync(HttpContext http, ReplicaRegistry replicas)
    {
        // The health of every backend may come at once; what users send is bounded more tightly.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxAcknowledgementBytes;
        Acknowledgement? acknowledgement;
        try
        {
            acknowledgement = await JsonSerializer.DeserializeAsync<Acknowledgement>(http.Request.Body, FeedJson.Options, http.RequestAborted);
        }
        catch (JsonException)
        {
            acknowledgement = null;
        }

        if (acknowledgement is null)
            return TypedResults.Problem("The body is not an acknowledgement.", statusCode: StatusCodes.Status400BadRequest, extensions: Code("invalid_json"));
        if (acknowledgement.Pool != PoolOf(http))
            return TypedResults.Problem("The credential is not one of the pool that the body names.", statusCode: StatusCodes.Status403Forbidden, extensions: Code("forbidden"));
        return TypedResults.Json(replicas.Take(acknowledgement), FeedJson.Options);
    }

    /// <summary>What the data plane has counts only if it was written by the same versions.</summary>
    private static FeedPosition PositionOf(IQueryCollection query)
    {
        var revision = long.TryParse(query["since"], NumberStyles.None, CultureInfo.InvariantCulture, out var since) ? since : 0;
        var sameVersions = query["schema"] == MatchTableJson.SchemaVersion.ToString(CultureInfo.InvariantCulture) && query["compiler"] == Compiler.Version;
        var hash = sameVersions && UInt128.TryParse(query["hash"], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : (UInt128?)null;
        return new FeedPosition(revision, hash);
    }

    private static string PoolOf(HttpContext http) => (string)http.Items[Credential]!;

    private static Dictionary<string, object?> Code(string code) => new() { ["code"] = code };
}
