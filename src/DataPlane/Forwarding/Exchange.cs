using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Health;
using Gatehouse.DataPlane.Mirroring;
using Gatehouse.DataPlane.Retries;
using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Sends a decided request to its backend through the rest of YARP's pipeline, within the rule's timeouts, and again where the rule says so.</summary>
internal sealed partial class Exchange(BackendRegistry backends, TrafficHealth health, Mirrors mirrors, TimeProvider clock, ILogger<Exchange> log)
{
    /// <summary>Sends it; the decision's fault says what the gateway must answer itself.</summary>
    public async Task RunAsync(HttpContext context, RouteTable table, RequestDecision decision, RequestDelegate send)
    {
        var (state, rule) = (decision.State!, decision.Rule!);
        state.Enter();
        if (rule.HasMirrors)
            mirrors.Prepare(context, table, decision);
        decision.Retry = RetryState.Of(context, rule.Retry);
        var timeout = decision.Timeout;
        try
        {
            decision.Path = backends.PathOf(state, new PathNeeds(rule.IsGrpc, decision.Listener!.BackendClientCertificate, rule.IsPatient));
            if (decision.Retry is null)
                await AttemptAsync(context, decision, timeout, send);
            else
                await RepeatAsync(context, decision, decision.Retry, send);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested || timeout?.HasExpired == true)
        {
            if (timeout?.HasExpired != true)
                Log.Failed(log, rule.Id, failure);
            decision.Fault = timeout?.HasExpired == true ? Fault.RequestTimeout : Fault.RuleFailed;
        }
        finally
        {
            state.Leave();
            if (decision.Copies is not null)
                Mirrors.End(decision);
        }
    }

    private async Task RepeatAsync(HttpContext context, RequestDecision decision, RetryState retry, RequestDelegate send)
    {
        while (true)
        {
            using (var attempt = decision.Attempt = Deadline.Start(context, decision.Rule!.AttemptTimeout, clock))
            {
                try
                {
                    await AttemptAsync(context, decision, decision.Timeout, send);
                    if (attempt?.HasExpired == true && decision.Timeout?.HasExpired != true)
                        decision.Fault = Fault.BackendTimeout;
                    if (!IsRepeated(context, decision, retry, attempt))
                        return;
                }
                finally
                {
                    attempt?.Restore();
                }
            }
            decision.Fault = null;
            context.Response.Clear();
            await retry.PrepareAsync(context.GetReverseProxyFeature().ProxiedDestination, clock, context.RequestAborted);
        }
    }

    private static bool IsRepeated(HttpContext context, RequestDecision decision, RetryState retry, Deadline? attempt)
    {
        if (retry.IsIntercepted)
            return true;
        if (context.Response.HasStarted || decision.Timeout?.HasExpired == true)
            return false;
        if (attempt?.HasExpired == true)
            return retry.MayFollowTimeout();
        // What the gateway must not connect to stays so.
        return decision.Fault is not null && decision.Fault != Fault.Refused && context.GetForwarderErrorFeature() is { } error && retry.MayFollow(ErrorResponder.ErrorOf(error));
    }

    private async Task AttemptAsync(HttpContext context, RequestDecision decision, Deadline? timeout, RequestDelegate send)
    {
        var state = decision.State!;
        var destinations = state.Cluster.DestinationsState;
        var available = decision.Pinned is not null && decision.Retry is not { Made: > 0 } ? [decision.Pinned] : destinations.AvailableDestinations;
        if (decision.Retry is not null)
            available = decision.Retry.Left(available);
        context.Features.Set<IReverseProxyFeature>(new ProxyFeature(state.Route, decision.Path!.Model, destinations.AllDestinations, available));
        if (decision.Retry is not null)
            context.Features.Set<IForwarderErrorFeature>(null);
        try
        {
            await send(context);
            if (timeout?.HasExpired == true)
                decision.Fault = Fault.RequestTimeout;
            else if (context.GetForwarderErrorFeature() is { } error)
                decision.Fault = ErrorResponder.FaultOf(error);
        }
        finally
        {
            health.Observe(context, decision);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request for rule {Rule} failed in the gateway.")]
        public static partial void Failed(ILogger logger, string rule, Exception failure);
    }
}
