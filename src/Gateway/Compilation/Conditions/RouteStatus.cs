using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of routes (https://gateway-api.sigs.k8s.io/reference/spec/#routestatus).</summary>
internal static class RouteStatus
{
    public static ResourceStatus? Of(RouteNode node, CompilerState state)
    {
        if (node is not { Resource: { } resource, Compiled: { } route })
            return null;
        var generation = resource.Generation;
        return new ResourceStatus
        {
            Key = node.Key,
            Generation = generation,
            Conditions = Conditions(SummaryOf(route), RulesOf(route, route.Hosts), ShadowedOf(route, route.Hosts, state), generation),
            Parents = ParentsOf(route, state, generation),
            Pools = DistinctNames.Of(route.Hosts, static host => host.Pool),
            ListenerIds = DistinctNames.Of(route.Hosts, static host => host.Listener),
            BackendKeys = DistinctNames.Of(RulesOf(route, route.Hosts).Backends, static target => target.Key),
        };
    }

    private static RouteParentStatus[] ParentsOf(CompiledRoute route, CompilerState state, long generation)
    {
        var parents = new RouteParentStatus[route.Parents.Count];
        for (var i = 0; i < parents.Length; i++)
        {
            var accepted = AcceptedOf(route.Parents[i], route);
            parents[i] = new RouteParentStatus(route.Parents[i].Reference, ResourceKind.ControllerName, Conditions(accepted, RulesOf(route, route.Parents[i].Hosts), ShadowedOf(route, route.Parents[i].Hosts, state), generation));
        }
        return parents;
    }

    private static Verdict AcceptedOf(ParentAttachment parent, CompiledRoute route) =>
        parent.Accepted.IsTrue ? RulesOf(route, parent.Hosts).Refused ?? parent.Accepted : parent.Accepted;

    // What runs in clusters alone is judged as there, where Services are the cluster's own.
    private static CompiledRules RulesOf(CompiledRoute route, IReadOnlyList<HostKey> hosts) =>
        route.ClusterRules is { } rules && hosts.Count > 0 && hosts.All(static host => ClusterPool.IsCluster(host.Pool)) ? rules : route.Rules;

    // Parents that the user named must all accept the route; of those that Hostnames imply, one is enough.
    private static Verdict SummaryOf(CompiledRoute route)
    {
        if (route.NoParents is { } none)
            return none;
        var rules = RulesOf(route, route.Hosts);
        if (rules.Refused is null && route.Parents is [{ Accepted: var only }])
            return only;
        var refused = route.Parents.Where(parent => !parent.Accepted.IsTrue).ToArray();
        var accepted = route.Parents.Count - refused.Length;
        if (rules.Refused is { } unusable && accepted > 0)
            return unusable;
        if (refused.Length == 0)
            return route.Parents.FirstOrDefault(parent => !parent.Accepted.Equals(Verdict.Accepted))?.Accepted ?? Verdict.Accepted;
        var message = route.Parents.Count == 1 ? refused[0].Accepted.Message : $"Accepted by {accepted} of {route.Parents.Count} parents. {refused[0].Accepted.Message}";
        return route.ParentsAreImplied && accepted > 0
            ? Verdict.True(Reasons.Accepted, Reasons.Accepted, message)
            : Verdict.False(Reasons.Accepted, refused[0].Accepted.Reason, message);
    }

    private static Verdict? ShadowedOf(CompiledRoute route, IReadOnlyList<HostKey> hosts, CompilerState state)
    {
        if (state.Overlaps.Count == 0)
            return null;
        var found = new List<(string Hostname, Overlap Overlap)>();
        foreach (var host in hosts)
        {
            if (state.Overlaps.TryGetValue(host, out var overlaps) && overlaps.TryGetValue(route.Key, out var own))
                found.AddRange(own.Select(overlap => (host.Hostname, overlap)));
        }
        return OverlapVerdict.Of(route.Key, found);
    }

    private static Condition[] Conditions(Verdict accepted, CompiledRules rules, Verdict? shadowed, long generation)
    {
        return rules.PartiallyInvalid is null && rules.Notices.Count == 0 && shadowed is null
            ? [accepted.At(generation), rules.ResolvedRefs.At(generation)]
            : [.. new[] { accepted, rules.ResolvedRefs, rules.PartiallyInvalid, shadowed }.OfType<Verdict>().Concat(rules.Notices).Select(verdict => verdict.At(generation))];
    }
}
