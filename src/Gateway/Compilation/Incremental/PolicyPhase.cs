using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Resolve;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Resolves BackendTLSPolicies before the backends that they apply to.</summary>
internal static class PolicyPhase
{
    public static void Run(CompilerState state, Work work)
    {
        foreach (var node in work.Policies)
            Resolve(node, state, work);
    }

    private static void Resolve(PolicyNode node, CompilerState state, Work work)
    {
        work.Statuses.Add(node.Key);
        var before = node.Model;
        if (node.Resource is { } resource)
        {
            node.Model = Phase.Compile(node, state, reads => BackendTlsPolicyResolver.Resolve(resource, reads)) ?? before;
        }
        else
        {
            node.Model = null;
            state.Policies.Remove(node.Key);
            state.Dependencies.Update(node, Footprint.None);
        }
        if (node.Model is null ? before is null : node.Model.IsSame(before))
            return;
        state.PolicyTargets.Set(node, before, node.Model);
        foreach (var target in PolicyIndex.TargetsOf(before).Concat(PolicyIndex.TargetsOf(node.Model)).Distinct())
        {
            if (state.Backends.TryGetValue(target, out var backend))
                work.Mark(backend);
            // Who wins a target may be another one now.
            foreach (var policy in state.PolicyTargets.Of(target))
                work.Statuses.Add(policy.Key);
        }
    }
}
