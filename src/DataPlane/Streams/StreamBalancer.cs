using Gatehouse.DataPlane.Backends;

namespace Gatehouse.DataPlane.Streams;

/// <summary>Chooses the endpoint of a connection or a session of datagrams among those that are healthy and have room.</summary>
internal static class StreamBalancer
{
    /// <summary>Picks an endpoint; null: there is none.</summary>
    /// <param name="backend">Backend.</param>
    /// <param name="tried">Endpoints that have just failed.</param>
    /// <param name="room">Streams that one endpoint takes.</param>
    public static EndpointState? Pick(BackendState backend, IReadOnlyCollection<EndpointState> tried, int room)
    {
        var candidates = Candidates(backend, tried, room);
        if (candidates.Count <= 1)
            return candidates.Count == 0 ? null : candidates[0];
        return backend.Entry.LoadBalancing switch
        {
            "LeastRequests" => candidates.MinBy(Load),
            "PowerOfTwoChoices" => Lighter(Random(candidates), Random(candidates)),
            "Random" => Random(candidates),
            _ => InTurn(backend, candidates),
        };
    }

    private static List<EndpointState> Candidates(BackendState backend, IReadOnlyCollection<EndpointState> tried, int room)
    {
        var available = backend.Cluster.DestinationsState.AvailableDestinations;
        var candidates = new List<EndpointState>(available.Count);
        foreach (var destination in available)
        {
            if (backend.EndpointOf(destination) is { } endpoint && endpoint.Health.Streams < room && !tried.Contains(endpoint))
                candidates.Add(endpoint);
        }
        return candidates;
    }

    private static EndpointState InTurn(BackendState backend, List<EndpointState> candidates)
    {
        var total = (ulong)candidates.Sum(candidate => (long)candidate.Weight);
        // A Weyl sequence: the shares are even after few picks, whatever the weights.
        return At(candidates, (long)Math.BigMul(backend.NextStream() * 0x9E3779B97F4A7C15UL, total, out _));
    }

    private static EndpointState Random(List<EndpointState> candidates) => At(candidates, System.Random.Shared.NextInt64(candidates.Sum(candidate => (long)candidate.Weight)));

    private static EndpointState At(List<EndpointState> candidates, long position)
    {
        foreach (var candidate in candidates)
        {
            position -= candidate.Weight;
            if (position < 0)
                return candidate;
        }
        return candidates[^1];
    }

    private static EndpointState Lighter(EndpointState one, EndpointState other) => Load(one) <= Load(other) ? one : other;

    private static double Load(EndpointState endpoint) => (endpoint.Health.Streams + 1.0) / Math.Max(1, endpoint.Weight);
}
