using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Health;

/// <summary>
/// Concludes from traffic, where no active check has the last word: an endpoint that answers is reachable, one that cannot be connected
/// to is not until a probe or a request gets through.
/// </summary>
internal sealed class TrafficHealth(HealthMonitor monitor, HealthReports reports, IClusterDestinationsUpdater destinations, TimeProvider clock)
{
    public void Observe(HttpContext context, RequestDecision decision)
    {
        if (decision.State is not { Entry.ActiveCheck: null } state || state.EndpointOf(context.GetReverseProxyFeature().ProxiedDestination) is not { } endpoint)
            return;
        if (decision.Fault is null)
            Reached(state, endpoint);
        else if (decision.Fault == Fault.Unreachable || decision.Fault == Fault.Refused)
            Missed(state, endpoint, decision.Fault.Detail);
    }

    /// <summary>The endpoint took a connection.</summary>
    public void Reached(BackendState state, EndpointState endpoint)
    {
        if (state.Entry.ActiveCheck is not null)
            return;
        endpoint.Health.LastSuccess = clock.GetTimestamp();
        var health = endpoint.Destination.Health;
        if (health.Active == DestinationHealth.Healthy)
            return;
        health.Active = DestinationHealth.Healthy;
        endpoint.Health.Reason = null;
        destinations.UpdateAvailableDestinations(state.Cluster);
        reports.Mark(state);
    }

    /// <summary>The endpoint could not be connected to.</summary>
    public void Missed(BackendState state, EndpointState endpoint, string reason)
    {
        if (state.Entry.ActiveCheck is not null)
            return;
        endpoint.Health.LastSuccess = 0;
        endpoint.Health.Reason = reason;
        var health = endpoint.Destination.Health;
        if (health.Active == DestinationHealth.Unhealthy)
            return;
        health.Active = DestinationHealth.Unhealthy;
        destinations.UpdateAvailableDestinations(state.Cluster);
        monitor.Suspect(state, endpoint);
    }
}
