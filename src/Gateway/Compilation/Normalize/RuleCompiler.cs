using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>One rule, compiled.</summary>
/// <param name="Rule">What the data plane does.</param>
/// <param name="Matches">Its matches, as written.</param>
/// <param name="Problem">Why it fails closed; null: it does not.</param>
/// <param name="References">References that cannot be used.</param>
/// <param name="Targets">Backends that it sends traffic to.</param>
internal sealed record RuleResult(
    CompiledRule Rule,
    IReadOnlyList<CompiledMatch> Matches,
    ProblemList Problem,
    IReadOnlyList<ReferenceProblem> References,
    IReadOnlyList<BackendTarget> Targets);

/// <summary>
/// Compiles one rule of an HTTPRoute or GRPCRoute. A rule with a problem answers 500 to what it matches: leaving it out would hand its
/// requests to a rule that may be less strict.
/// </summary>
internal static class RuleCompiler
{
    private const int InternalError = 500;
    private const int MaxWeight = 1_000_000;

    /// <param name="route">The route.</param>
    /// <param name="rule">The rule; its matches are left to <paramref name="normalize"/>.</param>
    /// <param name="index">Place of the rule.</param>
    /// <param name="normalize">Makes the matches.</param>
    /// <param name="reads">What it may read.</param>
    public static RuleResult Compile(ResourceKey route, HttpRouteRule rule, int index, Func<ProblemList, IReadOnlyList<CompiledMatch>> normalize, Reads reads)
    {
        var problems = new ProblemList();
        var source = new RuleSource(route.Kind, route.Tenant, route.Name, index, rule.Name);
        var matches = normalize(problems);
        var references = new List<ReferenceProblem>();
        var targets = new List<BackendTarget>();
        var compiled = new CompiledRule { Source = source };
        try
        {
            reads.Options.BeforeRule?.Invoke(source);
            compiled = compiled with
            {
                Actions = FilterCompiler.Compile(rule.Filters, matches, reads.Options.Capabilities, problems),
                RequestTimeoutMs = TimeoutOf("request", rule.Timeouts?.Request, problems),
                BackendRequestTimeoutMs = TimeoutOf("backendRequest", rule.Timeouts?.BackendRequest, problems),
                Backends = [.. (rule.BackendRefs ?? []).Select(backend => BackendOf(backend, route, matches, reads, problems, references, targets))],
            };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            problems.Add($"the compiler failed on it ({failure.GetType().Name})");
        }
        if (problems.IsEmpty)
            compiled = Settle(compiled, problems);
        if (!problems.IsEmpty)
        {
            compiled = new CompiledRule { Source = source, FixedStatus = InternalError };
            targets.Clear();
        }
        return new RuleResult(compiled, matches, problems, references, targets);
    }

    // "If all entries in BackendRefs are invalid, and there are also no filters specified in this route rule, all traffic which matches this
    // rule MUST receive a 500 status code" (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule, backendRefs).
    private static CompiledRule Settle(CompiledRule rule, ProblemList problems)
    {
        if (rule.Actions.Any(action => action is RedirectAction))
            return rule with { Backends = [] };
        if (rule.Backends.Count > 0 && rule.Backends.All(backend => backend.Weight == 0))
            problems.Add("all weights are 0, so no backend takes traffic");
        return rule.Backends.All(backend => backend.Backend is null)
            ? rule with { Backends = [], Actions = [], FixedStatus = InternalError }
            : rule;
    }

    private static WeightedBackend BackendOf(
        HttpBackendRef reference, ResourceKey from, IReadOnlyList<CompiledMatch> matches, Reads reads, ProblemList problems, List<ReferenceProblem> references, List<BackendTarget> targets)
    {
        var weight = Math.Clamp(reference.Weight ?? 1, 0, MaxWeight);
        var (target, problem) = ReferenceResolver.Resolve(reference, from, reads);
        var actions = FilterCompiler.Compile(reference.Filters, matches, reads.Options.Capabilities, problems);
        if (target is { } usable)
        {
            targets.Add(usable);
            return new WeightedBackend { Backend = usable.Key, Weight = weight, Actions = actions };
        }
        references.Add(problem!);
        return new WeightedBackend { Weight = weight, FailureStatus = InternalError };
    }

    // https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts; "A zero-valued duration … MUST be interpreted as no timeout".
    private static long? TimeoutOf(string field, string? duration, ProblemList problems)
    {
        if (duration is null)
            return null;
        if (GatewayDuration.TryParse(duration, out var parsed))
            return (long)parsed.TotalMilliseconds;
        problems.Add($"timeouts.{field} is not a duration");
        return null;
    }
}
