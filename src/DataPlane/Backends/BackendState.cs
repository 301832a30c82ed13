using Gatehouse.Gateway.Matching;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Backends;

/// <summary>A backend, made ready to be forwarded to.</summary>
internal sealed class BackendState(BackendEntry entry, ClusterState cluster, RouteModel route, IReadOnlyList<EndpointState> endpoints, OutboundClient client)
{
    private int _inFlight;

    public BackendEntry Entry => entry;

    public ClusterState Cluster => cluster;

    /// <summary>What YARP's pipeline wants to see: a route to this cluster with our transformer.</summary>
    public RouteModel Route => route;

    /// <summary>All endpoints, those of weight 0 included.</summary>
    public IReadOnlyList<EndpointState> Endpoints => endpoints;

    public OutboundClient Client => client;

    /// <summary>Requests that use it now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public EndpointState? EndpointOf(DestinationState? destination)
    {
        foreach (var endpoint in endpoints)
        {
            if (ReferenceEquals(endpoint.Destination, destination))
                return endpoint;
        }
        return null;
    }
}
