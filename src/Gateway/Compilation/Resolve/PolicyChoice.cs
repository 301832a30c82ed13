namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>
/// The policies that count at one object: for each section the oldest. "A policy of a section beats that of the whole object"
/// (https://gateway-api.sigs.k8s.io/geps/gep-713/), also when it cannot be used.
/// </summary>
/// <param name="bySection">Winners by section; empty name: the whole object.</param>
internal sealed class PolicyChoice(IReadOnlyDictionary<string, BackendTlsPolicyModel> bySection)
{
    private const string Whole = "";

    public static PolicyChoice None { get; } = new(new Dictionary<string, BackendTlsPolicyModel>());

    public static PolicyChoice Of(Resources.ResourceKey target, IReadOnlyList<BackendTlsPolicyModel> policies)
    {
        if (policies.Count == 0)
            return None;
        var winners = new Dictionary<string, BackendTlsPolicyModel>(StringComparer.Ordinal);
        foreach (var policy in policies)
        {
            foreach (var section in policy.Targets.Where(candidate => candidate.Object == target).Select(candidate => candidate.Section))
            {
                if (!winners.TryGetValue(section, out var winner) || BackendTlsPolicyModel.Compare(policy, winner) < 0)
                    winners[section] = policy;
            }
        }
        return new PolicyChoice(winners);
    }

    /// <summary>The policy for a section.</summary>
    public BackendTlsPolicyModel? For(string section) =>
        section.Length > 0 && bySection.TryGetValue(section, out var own) ? own : bySection.GetValueOrDefault(Whole);

    /// <summary>Who wins a target; null: nobody claims it.</summary>
    public BackendTlsPolicyModel? WinnerOf(string section) => bySection.GetValueOrDefault(section);

    /// <summary>Whether routes can tell the two apart: by which sections have a policy, and whether that lets traffic through.</summary>
    public bool ServesAs(PolicyChoice other) =>
        bySection.Count == other.Sections.Count
        && bySection.All(pair => other.Sections.TryGetValue(pair.Key, out var policy) && policy.Key == pair.Value.Key
            && policy.Accepted.Equals(pair.Value.Accepted) && policy.ResolvedRefs.Equals(pair.Value.ResolvedRefs));

    private IReadOnlyDictionary<string, BackendTlsPolicyModel> Sections => bySection;
}
