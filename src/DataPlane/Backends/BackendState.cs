using System.Collections.Concurrent;
using Gatehouse.Gateway.Matching;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Backends;

/// <summary>A backend, made ready to be forwarded to.</summary>
internal sealed class BackendState(BackendEntry entry, ClusterState cluster, RouteModel route, IReadOnlyList<EndpointState> endpoints, OutboundClient client)
{
    private int _inFlight;
    private ulong _streams = (ulong)Random.Shared.NextInt64();
    private int _copies;

    public BackendEntry Entry => entry;

    public ClusterState Cluster => cluster;

    /// <summary>What YARP's pipeline wants to see: a route to this cluster with our transformer.</summary>
    public RouteModel Route => route;

    /// <summary>All endpoints, those of weight 0 included.</summary>
    public IReadOnlyList<EndpointState> Endpoints => endpoints;

    public OutboundClient Client => client;

    /// <summary>The way that most requests go.</summary>
    public BackendPath Path { get; } = new(cluster.Model, client);

    /// <summary>Other ways that were needed so far.</summary>
    public ConcurrentDictionary<PathNeeds, BackendPath> Paths { get; } = new();

    /// <summary>Requests that use it now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Counts connections and sessions of datagrams, to take endpoints in turn.</summary>
    public ulong NextStream() => Interlocked.Increment(ref _streams);

    /// <summary>Takes a place for a copy of a request; false: as many as allowed are on their way.</summary>
    public bool TryEnter(int maxCopies)
    {
        if (Interlocked.Increment(ref _copies) > maxCopies)
        {
            Interlocked.Decrement(ref _copies);
            return false;
        }
        Enter();
        return true;
    }

    public void LeaveCopy()
    {
        Interlocked.Decrement(ref _copies);
        Leave();
    }

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
