using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Order;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Merges routes into host entries.</summary>
internal static class HostPhase
{
    public static void Run(CompilerState state, Work work)
    {
        foreach (var host in work.Hosts)
        {
            // A route whose compile fails keeps its last good result, which may name a listener that is gone by now.
            var serves = state.Listeners.TryGetValue(host.Listener, out var listener) && listener.Serves && listener.Pool == host.Pool;
            var routes = serves ? RoutesOf(host, state) : [];
            state.Pool(host.Pool).SetHost(host.Listener, host.Hostname, routes.Length == 0 ? null : HostMerger.Merge(host, routes));
        }
    }

    private static CompiledRoute[] RoutesOf(HostKey host, CompilerState state) =>
        [.. Several<RouteNode>.All(state.Contributors.GetValueOrDefault(host)).Select(node => node.Compiled).OfType<CompiledRoute>()];
}
