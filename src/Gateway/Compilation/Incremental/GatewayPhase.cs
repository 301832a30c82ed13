using Gatehouse.Gateway.Compilation.Resolve;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Resolves classes, then Gateways (without their listeners).</summary>
internal static class GatewayPhase
{
    public static void Run(CompilerState state, Work work)
    {
        foreach (var node in work.Classes)
            ResolveClass(node, state, work);
        var affected = new HashSet<GatewayNode>();
        foreach (var node in work.Gateways)
            Resolve(node, state, work, affected);
        foreach (var node in affected)
            Share(node, state, work);
    }

    private static void ResolveClass(ClassNode node, CompilerState state, Work work)
    {
        work.Statuses.Add(node.Key);
        var before = node.Model;
        if (node.Resource is { } resource)
        {
            node.Model = Phase.Compile(node, state, reads => ClassResolver.Resolve(resource, reads)) ?? before;
        }
        else
        {
            node.Model = null;
            state.Classes.Remove(node.Key.Name);
            state.Dependencies.Update(node, Footprint.None);
        }
        if (node.Model is null ? before is not null : !node.Model.IsSame(before))
            work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.Class, "", node.Key.Name)));
    }

    private static void Resolve(GatewayNode node, CompilerState state, Work work, HashSet<GatewayNode> affected)
    {
        work.Statuses.Add(node.Key);
        affected.Add(node);
        if (node.Resource is { } resource)
        {
            var resolved = Phase.Compile(node, state, reads => GatewayResolver.Resolve(resource, reads)) ?? node.Resolved;
            state.Addresses.Set(node, node.Resolved, resolved, affected);
            node.Resolved = resolved;
            return;
        }
        state.Addresses.Set(node, node.Resolved, null, affected);
        node.Resolved = null;
        state.Gateways.Remove(node.Key);
        state.Dependencies.Update(node, Footprint.None);
    }

    private static void Share(GatewayNode node, CompilerState state, Work work)
    {
        var after = node.Resolved is { } resolved ? resolved with { Shared = state.Addresses.IsShared(resolved) } : null;
        if (after is null ? node.Model is null : after.IsSame(node.Model))
            return;
        node.Model = after;
        work.Statuses.Add(node.Key);
        work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.Gateway, node.Key.Tenant, node.Key.Name)));
    }
}
