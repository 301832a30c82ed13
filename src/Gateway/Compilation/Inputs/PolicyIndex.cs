using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Inputs;

/// <summary>Policies by what they apply to.</summary>
internal sealed class PolicyIndex
{
    private readonly Dictionary<ResourceKey, object> _byTarget = [];

    /// <summary>Moves a policy from its last targets to its new ones.</summary>
    public void Set(PolicyNode node, BackendTlsPolicyModel? before, BackendTlsPolicyModel? after)
    {
        foreach (var target in TargetsOf(before))
        {
            if (Several<PolicyNode>.Remove(_byTarget.GetValueOrDefault(target), node) is { } rest)
                _byTarget[target] = rest;
            else
                _byTarget.Remove(target);
        }
        foreach (var target in TargetsOf(after))
            _byTarget[target] = Several<PolicyNode>.Add(_byTarget.GetValueOrDefault(target), node);
    }

    public IEnumerable<PolicyNode> Of(ResourceKey target) => Several<PolicyNode>.All(_byTarget.GetValueOrDefault(target));

    public static IEnumerable<ResourceKey> TargetsOf(BackendTlsPolicyModel? policy) =>
        (policy?.Targets ?? []).Select(target => target.Object).Distinct();
}
