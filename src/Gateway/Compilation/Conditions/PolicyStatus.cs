using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of BackendTLSPolicies (https://gateway-api.sigs.k8s.io/reference/spec/#policystatus): the ancestors are the Gateways whose routes reach a target.</summary>
internal static class PolicyStatus
{
    /// <summary>"A maximum of 16 ancestors will be represented in this list."</summary>
    private const int MaxAncestors = 16;

    public static ResourceStatus? Of(PolicyNode node, CompilerState state)
    {
        if (node is not { Resource: { } resource, Model: { } policy })
            return null;
        var accepted = AcceptedOf(policy, state);
        Condition[] conditions = [accepted.At(resource.Generation), policy.ResolvedRefs.At(resource.Generation)];
        var uses = policy.Targets.SelectMany(target => UsesOf(target, policy, state)).ToArray();
        return new ResourceStatus
        {
            Key = node.Key,
            Generation = resource.Generation,
            Conditions = conditions,
            Ancestors = [.. uses.Select(use => use.Gateway).Distinct().Order().Take(MaxAncestors).Select(gateway => new PolicyAncestorStatus(ReferenceTo(gateway), ResourceKind.ControllerName, conditions))],
            Pools = DistinctNames.Sorted(uses, static use => use.Pool),
            BackendKeys = DistinctNames.Sorted(uses, static use => use.Target.Key),
        };
    }

    private static ParentReference ReferenceTo(ResourceKey gateway) => new()
    {
        Group = ResourceKind.GatewayApiGroup,
        Kind = ResourceKind.Gateway,
        Namespace = gateway.Tenant,
        Name = gateway.Name,
    };

    private static Verdict AcceptedOf(BackendTlsPolicyModel policy, CompilerState state)
    {
        if (!policy.Accepted.IsTrue)
            return policy.Accepted;
        var missing = policy.UnknownTargets.Concat(policy.Targets.Where(target => !Exists(target, state)).Select(Describe)).ToArray();
        if (missing.Length == policy.Targets.Count + policy.UnknownTargets.Count)
            return Verdict.False(Reasons.Accepted, Reasons.TargetNotFound, $"Tenant `{policy.Key.Tenant}` has no {string.Join(", no ", missing)}.");
        var lost = policy.Targets.Where(target => Exists(target, state)).Select(target => LossOf(target, policy, state)).OfType<string>().ToArray();
        if (lost.Length > 0 && missing.Length + lost.Length == policy.Targets.Count + policy.UnknownTargets.Count)
            return Verdict.False(Reasons.Accepted, Reasons.Conflicted, $"{string.Join("; ", lost)}.");
        var exceptions = lost.Concat(missing.Select(target => $"tenant `{policy.Key.Tenant}` has no {target}")).ToArray();
        return exceptions.Length == 0
            ? Verdict.Accepted
            : Verdict.True(Reasons.Accepted, Reasons.Accepted, $"Accepted, but not everywhere: {string.Join("; ", exceptions)}.");
    }

    // Whether a cluster has a Service is the cluster's to say; that routes there send to it is enough here.
    private static bool Exists(PolicyTarget target, CompilerState state) =>
        IsInCluster(target, state)
        || (state.Backends.GetValueOrDefault(target.Object) is { Resource: not null, Model: { } model }
        && (target.Section.Length == 0 || model.ServicePorts.Any(port => port.Name == target.Section)));

    private static bool IsInCluster(PolicyTarget target, CompilerState state) =>
        target.Object.Kind == ResourceKind.Service && state.Backends.GetValueOrDefault(target.Object) is { } node && node.Uses.Exists(static use => ClusterPool.IsCluster(use.Pool));

    private static string? LossOf(PolicyTarget target, BackendTlsPolicyModel policy, CompilerState state)
    {
        if (state.Backends[target.Object].Model is not { } model)
            return null;
        if (model.HasOwnTls)
            return $"{Describe(target)} says in its own spec.tls how it is reached: remove that, or the policy";
        return model.Policies.WinnerOf(target.Section) is { } winner && winner.Key != policy.Key
            ? $"BackendTLSPolicy `{winner.Key.Name}` applies to {Describe(target)} already: it is older, or first by name"
            : null;
    }

    // Conflicting policies take effect on nothing, and still name the Gateways that they would.
    private static IEnumerable<BackendUse> UsesOf(PolicyTarget target, BackendTlsPolicyModel policy, CompilerState state)
    {
        if (state.Backends.GetValueOrDefault(target.Object) is not { } node)
            return [];
        if (node.Model is not { } model)
            return node.Uses.Where(static use => use.Routes > 0 && ClusterPool.IsCluster(use.Pool));
        return node.Uses.Where(use => use.Routes > 0 && (target.Section.Length > 0
            ? model.SectionOf(use.Target) == target.Section
            : model.Policies.For(model.SectionOf(use.Target)) is not { } winner || winner.Key == policy.Key || model.Policies.WinnerOf("") == winner));
    }

    private static string Describe(PolicyTarget target) =>
        target.Section.Length == 0 ? $"{target.Object.Kind} `{target.Object.Name}`" : $"port `{target.Section}` of {target.Object.Kind} `{target.Object.Name}`";
}
