using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Backends;

/// <summary>Chooses the load balancing policy: YARP's own where all endpoints weigh the same, else ours.</summary>
internal static class LoadBalancing
{
    /// <exception cref="MatchTableException">The policy is unknown.</exception>
    public static string PolicyOf(string name, IReadOnlyList<EndpointState> endpoints)
    {
        var weights = endpoints.Select(endpoint => endpoint.Weight).Where(weight => weight > 0).Distinct().Count();
        return name switch
        {
            "RoundRobin" or "Random" when weights > 1 => WeightedPolicy.Name,
            "LeastRequests" or "PowerOfTwoChoices" when weights > 1 => WeightedLeastRequestsPolicy.Name,
            "RoundRobin" => LoadBalancingPolicies.RoundRobin,
            "Random" => LoadBalancingPolicies.Random,
            "LeastRequests" => LoadBalancingPolicies.LeastRequests,
            "PowerOfTwoChoices" => LoadBalancingPolicies.PowerOfTwoChoices,
            _ => throw new MatchTableException($"load balancing {name} is unknown"),
        };
    }

    internal static int WeightOf(HttpContext context, DestinationState destination) =>
        context.Features.Get<RequestDecision>()?.State?.EndpointOf(destination)?.Weight ?? 1;
}

/// <summary>Spreads requests over endpoints in proportion to their weights.</summary>
internal sealed class WeightedPolicy : ILoadBalancingPolicy
{
    public const string Name = "GatehouseWeighted";

    string ILoadBalancingPolicy.Name => Name;

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        var total = 0L;
        foreach (var destination in availableDestinations)
            total += LoadBalancing.WeightOf(context, destination);
        if (total == 0)
            return null;
        var position = Random.Shared.NextInt64(total);
        foreach (var destination in availableDestinations)
        {
            position -= LoadBalancing.WeightOf(context, destination);
            if (position < 0)
                return destination;
        }
        return null;
    }
}

/// <summary>Picks the endpoint with the fewest requests in flight for its weight.</summary>
internal sealed class WeightedLeastRequestsPolicy : ILoadBalancingPolicy
{
    public const string Name = "GatehouseWeightedLeastRequests";

    string ILoadBalancingPolicy.Name => Name;

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        DestinationState? best = null;
        var least = double.MaxValue;
        foreach (var destination in availableDestinations)
        {
            var load = (destination.ConcurrentRequestCount + 1.0) / Math.Max(1, LoadBalancing.WeightOf(context, destination));
            if (load < least)
                (least, best) = (load, destination);
        }
        return best;
    }
}
