using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Health;
using Gatehouse.DataPlane.Mirroring;
using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Sends a decided request to its backend through the rest of YARP's pipeline, within the rule's timeouts.</summary>
internal sealed partial class Exchange(BackendRegistry backends, TrafficHealth health, Mirrors mirrors, TimeProvider clock, ILogger<Exchange> log)
{
    /// <summary>Sends it; the decision's fault says what the gateway must answer itself.</summary>
    public async Task RunAsync(HttpContext context, RouteTable table, RequestDecision decision, RequestDelegate send)
    {
        var state = decision.State!;
        state.Enter();
        if (decision.Rule!.HasMirrors)
            mirrors.Prepare(context, table, decision);
        using var timeout = RequestTimeout.Start(context, decision, clock);
        try
        {
            var path = decision.Path = backends.PathOf(state, NeedsOf(decision));
            var destinations = state.Cluster.DestinationsState;
            context.Features.Set<IReverseProxyFeature>(new ProxyFeature(state.Route, path.Model, destinations.AllDestinations, destinations.AvailableDestinations));
            await send(context);
            if (timeout?.HasExpired == true)
                decision.Fault = Fault.RequestTimeout;
            else if (context.GetForwarderErrorFeature() is { } error)
                decision.Fault = ErrorResponder.FaultOf(error);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested || timeout?.HasExpired == true)
        {
            Log.Failed(log, decision.Rule!.Id, failure);
            decision.Fault = Fault.RuleFailed;
        }
        finally
        {
            timeout?.Restore();
            state.Leave();
            if (decision.Copies is not null)
                Mirrors.End(decision);
            health.Observe(context, decision);
        }
    }

    private static PathNeeds NeedsOf(RequestDecision decision) =>
        new(decision.Rule!.IsGrpc, decision.Listener!.BackendClientCertificate, decision.Rule.IsPatient);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request for rule {Rule} failed in the gateway.")]
        public static partial void Failed(ILogger logger, string rule, Exception failure);
    }
}
