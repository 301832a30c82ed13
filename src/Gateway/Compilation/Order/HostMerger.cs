using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>Merges what several routes serve under one hostname of one listener into one ordered list.</summary>
internal static class HostMerger
{
    /// <summary>Builds a host entry.</summary>
    /// <param name="key">Host.</param>
    /// <param name="routes">Its routes in any order; at least one.</param>
    public static HostEntry Merge(HostKey key, IReadOnlyCollection<CompiledRoute> routes)
    {
        if (routes.Count == 1)
        {
            var only = routes.First().RulesIn(key.Pool);
            return EntryOf(key, only.Rules, only.Matches);
        }
        var ordered = routes.Select(route => (Route: route, Name: HostnamePrecedence.Of(route, key.Hostname)))
            .OrderBy(entry => entry.Name).ThenBy(entry => entry.Route, Comparer<CompiledRoute>.Create(MatchPrecedence.CompareRoutes)).ToArray();
        // Of several routes for one stream "only the oldest route receives traffic"; nothing could tell their connections apart.
        if (ordered[0].Route.Key.Kind is ResourceKind.TlsRoute or ResourceKind.TcpRoute or ResourceKind.UdpRoute)
            return EntryOf(key, ordered[0].Route.RulesIn(key.Pool).Rules, []);
        var rules = new List<CompiledRule>();
        var matches = new List<CompiledMatch>();
        foreach (var group in ordered.GroupBy(entry => entry.Name))
        {
            var begin = matches.Count;
            foreach (var (route, _) in group)
            {
                var offset = rules.Count;
                var own = route.RulesIn(key.Pool);
                rules.AddRange(own.Rules);
                matches.AddRange(own.Matches.Select(match => match with { Rule = match.Rule + offset }));
            }
            // A host never mixes kinds. Rules are numbered in the order of their routes, so the number settles age, name and place in the route.
            matches.Sort(begin, matches.Count - begin, Comparer<CompiledMatch>.Create(MatchPrecedence.Within(ordered[0].Route.Key.Kind)));
        }
        return EntryOf(key, rules, matches);
    }

    private static HostEntry EntryOf(HostKey key, IReadOnlyList<CompiledRule> rules, IReadOnlyList<CompiledMatch> matches) =>
        new() { Listener = key.Listener, Hostname = key.Hostname, Rules = rules, Matches = matches };
}
