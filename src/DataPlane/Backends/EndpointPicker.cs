using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Backends;

/// <summary>Picks an endpoint for requests of the gateway's own making, which do not go through YARP's load balancing.</summary>
internal static class EndpointPicker
{
    /// <summary>An available endpoint, drawn by weight; null: none is available.</summary>
    public static DestinationState? Pick(BackendState backend)
    {
        var available = backend.Cluster.DestinationsState.AvailableDestinations;
        if (available.Count <= 1)
            return available.Count == 0 ? null : available[0];
        var total = 0L;
        foreach (var destination in available)
            total += WeightOf(backend, destination);
        var position = Random.Shared.NextInt64(Math.Max(1, total));
        foreach (var destination in available)
        {
            position -= WeightOf(backend, destination);
            if (position < 0)
                return destination;
        }
        return available[0];
    }

    private static int WeightOf(BackendState backend, DestinationState destination) => backend.EndpointOf(destination)?.Weight ?? 1;
}
