using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Merges routes into host entries, and notes which matches can never win there.</summary>
internal static class HostPhase
{
    private static readonly IReadOnlyDictionary<ResourceKey, Overlap[]> None = new Dictionary<ResourceKey, Overlap[]>();

    public static void Run(CompilerState state, Work work)
    {
        foreach (var host in work.Hosts)
        {
            // A route whose compile fails keeps its last good result, which may name a listener that is gone by now.
            var serves = state.Listeners.TryGetValue(host.Listener, out var listener) && listener.Serves && listener.Pool == host.Pool;
            var routes = serves ? RoutesOf(host, state) : [];
            var entry = routes.Length == 0 ? null : HostMerger.Merge(host, routes);
            state.Pool(host.Pool).SetHost(host.Listener, host.Hostname, entry);
            Note(host, entry is null ? [] : OverlapFinder.Find(entry, routes), state, work);
        }
    }

    private static void Note(HostKey host, IReadOnlyList<Overlap> found, CompilerState state, Work work)
    {
        var before = state.Overlaps.GetValueOrDefault(host, None);
        if (found.Count == 0 && before.Count == 0)
            return;
        var after = found.GroupBy(overlap => overlap.Loser).ToDictionary(overlaps => overlaps.Key, overlaps => overlaps.ToArray());
        if (after.Count == 0)
            state.Overlaps.Remove(host);
        else
            state.Overlaps[host] = after;
        foreach (var (route, overlaps) in after)
        {
            if (!before.TryGetValue(route, out var last) || !last.AsSpan().SequenceEqual(overlaps))
                work.Statuses.Add(route);
        }
        work.Statuses.UnionWith(before.Keys.Where(route => !after.ContainsKey(route)));
    }

    private static CompiledRoute[] RoutesOf(HostKey host, CompilerState state) =>
        [.. Several<RouteNode>.All(state.Contributors.GetValueOrDefault(host)).Select(node => node.Compiled).OfType<CompiledRoute>()];
}
