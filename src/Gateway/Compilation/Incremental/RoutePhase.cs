using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Compiles routes and enters what they contribute to hosts, listeners and backends.</summary>
internal static class RoutePhase
{
    public static void Run(CompilerState state, Work work)
    {
        var rivals = new RivalPhase(state);
        foreach (var node in work.Routes)
            rivals.Move(node, Compile(node, state));
        foreach (var node in rivals.Settle())
        {
            work.Statuses.Add(node.Key);
            Enter(node, node.Alone is { } alone ? RivalRefusal.Apply(alone, node.Winners) : null, state, work);
        }
    }

    private static CompiledRoute? Compile(RouteNode node, CompilerState state)
    {
        if (node.Resource is { } route)
            return Phase.Compile(node, state, reads => RouteCompiler.Compile(route, reads)) ?? node.Alone;
        state.Routes.Remove(node.Key);
        state.Dependencies.Update(node, Footprint.None);
        return null;
    }

    private static void Enter(RouteNode node, CompiledRoute? after, CompilerState state, Work work)
    {
        var before = node.Compiled;
        node.Compiled = after;
        EnterHosts(node, before, after, state, work);
        foreach (var listener in before?.Attached ?? [])
            Count(listener, -1, state, work);
        foreach (var listener in after?.Attached ?? [])
            Count(listener, 1, state, work);
        foreach (var (pool, gateway, target) in UsesOf(before))
            Count(pool, gateway, target, -1, state, work);
        foreach (var (pool, gateway, target) in UsesOf(after))
            Count(pool, gateway, target, 1, state, work);
    }

    private static void EnterHosts(RouteNode node, CompiledRoute? before, CompiledRoute? after, CompilerState state, Work work)
    {
        foreach (var host in before?.Hosts ?? [])
        {
            work.Hosts.Add(host);
            if (Several<RouteNode>.Remove(state.Contributors.GetValueOrDefault(host), node) is { } rest)
                state.Contributors[host] = rest;
            else
                state.Contributors.Remove(host);
        }
        foreach (var host in after?.Hosts ?? [])
        {
            work.Hosts.Add(host);
            state.Contributors[host] = Several<RouteNode>.Add(state.Contributors.GetValueOrDefault(host), node);
        }
    }

    private static void Count(string listener, int change, CompilerState state, Work work)
    {
        var count = state.AttachedRoutes.GetValueOrDefault(listener) + change;
        if (count > 0)
            state.AttachedRoutes[listener] = count;
        else
            state.AttachedRoutes.Remove(listener);
        if (state.Listeners.TryGetValue(listener, out var known))
            work.Statuses.Add(known.Model.Source);
    }

    private static void Count(string pool, ResourceKey gateway, BackendTarget target, int change, CompilerState state, Work work)
    {
        if (!state.Backends.TryGetValue(target.Backend, out var node))
            state.Backends[target.Backend] = node = new BackendNode(target.Backend);
        var use = node.Uses.Find(use => use.Pool == pool && use.Gateway == gateway && use.Target == target);
        if (use is null)
            node.Uses.Add(use = new BackendUse(pool, gateway, target));
        use.Routes += change;
        if (use.Routes <= 1)
            BackendPhase.MarkPolicies(node, state, work);
        work.Entries.Add(node);
    }

    private static IEnumerable<(string Pool, ResourceKey Gateway, BackendTarget Target)> UsesOf(CompiledRoute? route) =>
        from listener in (route?.Serving ?? []).Select(listener => (listener.Pool, listener.Gateway)).Distinct()
        let rules = route!.RulesIn(listener.Pool)
        from target in rules.Barred.Count == 0 ? rules.Backends : rules.Backends.Concat(rules.Barred).Distinct()
        select (listener.Pool, listener.Gateway, target);
}
