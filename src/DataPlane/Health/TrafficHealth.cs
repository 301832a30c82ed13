using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Health;

/// <summary>Concludes from traffic: an endpoint that answers is reachable, one that cannot be connected to is not.</summary>
internal sealed class TrafficHealth(IClusterDestinationsUpdater destinations, TimeProvider clock)
{
    public void Observe(HttpContext context, RequestDecision decision)
    {
        if (decision.State is not { } state || state.EndpointOf(context.GetReverseProxyFeature().ProxiedDestination) is not { } endpoint)
            return;
        if (decision.Fault is null)
        {
            endpoint.Health.LastSuccess = clock.GetTimestamp();
            // An active check has the last word where there is one.
            if (state.Entry.ActiveCheck is null && endpoint.Destination.Health.Active == DestinationHealth.Unhealthy)
                Set(DestinationHealth.Healthy, null);
        }
        else if (decision.Fault == Fault.Unreachable || decision.Fault == Fault.Refused)
            Set(DestinationHealth.Unhealthy, decision.Fault.Detail);

        void Set(DestinationHealth health, string? reason)
        {
            endpoint.Health.Reason = reason;
            endpoint.Destination.Health.Active = health;
            destinations.UpdateAvailableDestinations(state.Cluster);
        }
    }
}
