using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>One rule while it is compiled: what its parts read, and what they report.</summary>
/// <param name="route">The route.</param>
/// <param name="matches">The rule's matches.</param>
/// <param name="reads">What it may read.</param>
/// <param name="problems">Takes what makes the rule fail closed.</param>
internal sealed class RuleContext(ResourceKey route, IReadOnlyList<CompiledMatch> matches, Reads reads, ProblemList problems)
{
    public ResourceKey Route => route;

    public IReadOnlyList<CompiledMatch> Matches => matches;

    public TargetCapabilities Capabilities => reads.Options.Capabilities;

    public ProblemList Problems => problems;

    /// <summary>References that cannot be used.</summary>
    public List<ReferenceProblem> References { get; } = [];

    /// <summary>What the rule sends traffic to.</summary>
    public List<BackendTarget> Targets { get; } = [];

    /// <summary>What the rule names and a policy lets nothing be sent to.</summary>
    public List<BackendTarget> Barred { get; } = [];

    /// <summary>In clusters: what each reference means, or why it may not be used.</summary>
    public Dictionary<ReferenceKey, ResolvedReference> Outcomes { get; } = [];

    /// <summary>Whether the rule runs in a cluster.</summary>
    public bool InCluster => reads.InCluster;

    /// <summary>The key of a referenced backend; null: the reference cannot be used, which is reported.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="speaker">Kind of route whose protocol is spoken to it; null: this route's.</param>
    public string? KeyOf(BackendObjectReference reference, string? speaker = null)
    {
        var (target, problem) = ReferenceResolver.Resolve(reference, route, speaker ?? route.Kind, reads);
        if (problem is not null)
            References.Add(problem);
        if (reads.InCluster)
            Outcomes[ReferenceKey.Of(reference)] = new ResolvedReference(target, problem);
        if (target is not { } found)
            return null;
        (problem is null ? Targets : Barred).Add(found);
        return problem is null ? found.Key : null;
    }
}
