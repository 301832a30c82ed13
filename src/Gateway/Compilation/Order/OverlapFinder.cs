using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>
/// Finds the matches of a host that can never win: one that is asked before them fits whatever they fit. Sound and not complete: what
/// two regular expressions have in common is not asked, nor what several matches cover together.
/// </summary>
internal static class OverlapFinder
{
    /// <summary>The overlaps of one host, in the order of its matches; mostly none.</summary>
    /// <param name="host">Entry of the host.</param>
    /// <param name="routes">The routes that serve it.</param>
    public static IReadOnlyList<Overlap> Find(HostEntry host, IReadOnlyList<CompiledRoute> routes)
    {
        if (host.Matches.Count == 1)
            return [];
        return host.Matches.Count == 0 ? Streams(host, routes) : Requests(host);
    }

    // "only the oldest route receives traffic": the others' one rule is never asked.
    private static Overlap[] Streams(HostEntry host, IReadOnlyList<CompiledRoute> routes)
    {
        if (routes.Count == 1)
            return [];
        var winner = host.Rules[0].Source;
        return [.. routes.Where(route => route.Key != KeyOf(winner)).OrderBy(route => route.Key).Select(route => new Overlap(route.Key, 0, null, winner, 0, true))];
    }

    private static List<Overlap> Requests(HostEntry host)
    {
        var found = new List<Overlap>();
        var asked = new AskedMatches();
        for (var i = 0; i < host.Matches.Count; i++)
        {
            var match = host.Matches[i];
            if (asked.FirstCovering(match) is { } winner)
                found.Add(Describe(host, match, winner));
            else
                asked.Add(match);
        }
        return found;
    }

    private static Overlap Describe(HostEntry host, CompiledMatch loser, CompiledMatch winner)
    {
        var source = host.Rules[loser.Rule].Source;
        var equal = winner.PathType == loser.PathType && winner.Path == loser.Path && Conditions.CountOf(winner) == Conditions.CountOf(loser);
        return new Overlap(KeyOf(source), source.Rule, loser.Index, host.Rules[winner.Rule].Source, winner.Index, equal);
    }

    private static ResourceKey KeyOf(RuleSource source) => new(source.Kind, source.Tenant, source.Name);

    private static class Conditions
    {
        public static int CountOf(CompiledMatch match) => (match.Method is null ? 0 : 1) + (match.Headers?.Count ?? 0) + (match.Query?.Count ?? 0);
    }
}
