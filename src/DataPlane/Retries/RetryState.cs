using Gatehouse.DataPlane.Bodies;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Retries;

/// <summary>Where a request is with its attempts. Tried again is only what left no trace at the client: no byte of an answer, no tunnel, no stream of messages.</summary>
internal sealed class RetryState(RetryPolicy policy, RequestTap? body)
{
    /// <summary>Bytes of a body that are kept for another attempt; a longer one is sent once.</summary>
    private const int MaxBody = 64 * 1024;

    private readonly List<DestinationState> _tried = [];

    /// <summary>Retries made so far.</summary>
    public int Made { get; private set; }

    /// <summary>Whether the answer of the last attempt was put aside for another attempt.</summary>
    public bool IsIntercepted { get; private set; }

    private bool IsPossible => Made < policy.Attempts && body?.IsWhole != false;

    /// <summary>The state of a request of a rule with retries; null: this request is sent once.</summary>
    public static RetryState? Of(HttpContext context, RetryPolicy? policy)
    {
        if (policy is null || context.Request.Headers.Upgrade.Count > 0 || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
            || context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            return null;
        }
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        return context.Request.ContentLength > MaxBody ? null : new RetryState(policy, hasBody ? RequestTap.Of(context.Request, MaxBody) : null);
    }

    /// <summary>Decides on an answer of the backend, before anything of it went to the client.</summary>
    public bool Intercept(int status)
    {
        IsIntercepted = IsPossible && policy.Takes(status);
        if (IsIntercepted)
            body?.Hold();
        return IsIntercepted;
    }

    /// <summary>Whether an attempt that failed without an answer may be followed by another.</summary>
    public bool MayFollow(ForwarderError error) =>
        IsPossible && error is ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination;

    /// <summary>Whether an attempt that took too long may be followed by another.</summary>
    public bool MayFollowTimeout() => IsPossible;

    /// <summary>Waits, and puts the request back to its first byte.</summary>
    public async Task PrepareAsync(DestinationState? tried, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (tried is not null)
            _tried.Add(tried);
        Made++;
        IsIntercepted = false;
        await Task.Delay(policy.PauseBefore(Made), clock, cancellationToken);
        body?.Rewind();
    }

    /// <summary>The endpoints that were not tried yet; all if there is no other.</summary>
    public IReadOnlyList<DestinationState> Left(IReadOnlyList<DestinationState> available)
    {
        if (_tried.Count == 0 || available.Count <= 1)
            return available;
        var left = available.Where(destination => !_tried.Contains(destination)).ToArray();
        if (left.Length > 0)
            return left;
        // All were tried: begin again with those that did not fail just now.
        _tried.RemoveRange(0, _tried.Count - 1);
        left = [.. available.Where(destination => destination != _tried[0])];
        return left.Length > 0 ? left : available;
    }
}
