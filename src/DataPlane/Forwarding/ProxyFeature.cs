using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Tells the rest of YARP's pipeline where a request goes; one for each attempt.</summary>
internal sealed class ProxyFeature(RouteModel route, ClusterModel cluster, IReadOnlyList<DestinationState> all, IReadOnlyList<DestinationState> available) : IReverseProxyFeature
{
    public RouteModel Route => route;

    public ClusterModel Cluster { get; set; } = cluster;

    public IReadOnlyList<DestinationState> AllDestinations => all;

    public IReadOnlyList<DestinationState> AvailableDestinations { get; set; } = available;

    public DestinationState? ProxiedDestination { get; set; }
}
