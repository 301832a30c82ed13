using System.Threading.RateLimiting;
using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Limits;

/// <summary>The caller sends more than its share.</summary>
internal sealed record TooManyRequestsError() : Error(ErrorKind.TooManyRequests, "rate_limited", "Too many requests with this token; slow down.");

/// <summary>How many requests one token, or one address without token, may make; and how many sign-ins one address may try.</summary>
internal sealed class RequestRates(ApiHostOptions options) : IAsyncDisposable
{
    private const int SignInsPerSecond = 5;
    private const int SignInBurst = 50;

    private readonly PartitionedRateLimiter<HttpContext> _requests = PartitionedRateLimiter.Create<HttpContext, string>(
        context => RateLimitPartition.GetTokenBucketLimiter(KeyOf(context), _ => Bucket(options.RequestBurst, options.RequestsPerSecond)));

    private readonly PartitionedRateLimiter<HttpContext> _signIns = PartitionedRateLimiter.Create<HttpContext, string>(
        static context => RateLimitPartition.GetTokenBucketLimiter(AddressOf(context), static _ => Bucket(SignInBurst, SignInsPerSecond)));

    /// <summary>Takes one request; the failure, or null.</summary>
    public Error? Take(HttpContext context) => Take(_requests, context);

    /// <summary>Takes one sign-in; the failure, or null.</summary>
    public Error? TakeSignIn(HttpContext context) => Take(_signIns, context);

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _signIns.DisposeAsync();
    }

    private static TooManyRequestsError? Take(PartitionedRateLimiter<HttpContext> limiter, HttpContext context)
    {
        using var lease = limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
            return null;
        return new TooManyRequestsError
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : TimeSpan.FromSeconds(1),
        };
    }

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perSecond) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = Math.Max(1, perSecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    /// <summary>The hash, so that no token lies around in memory.</summary>
    private static string KeyOf(HttpContext context) => Authenticator.TokenOf(context.Request) is { } token
        ? Convert.ToHexString(OpaqueToken.Hash(token))
        : AddressOf(context);

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}

/// <summary>Refuses requests above the rate before anything else is done with them.</summary>
internal sealed class RateMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context, RequestRates rates)
    {
        var limited = context.GetEndpoint()?.Metadata.GetMetadata<AccessRequirement>() is not null;
        return limited && rates.Take(context) is { } error ? error.ToProblem().ExecuteAsync(context) : next(context);
    }
}
