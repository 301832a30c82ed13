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
/// <param name="Barred">What it names and a policy lets nothing be sent to.</param>
/// <param name="Weights">Weights as written.</param>
internal sealed record RuleResult(
    CompiledRule Rule,
    IReadOnlyList<CompiledMatch> Matches,
    ProblemList Problem,
    IReadOnlyList<ReferenceProblem> References,
    IReadOnlyList<BackendTarget> Targets,
    IReadOnlyList<BackendTarget> Barred,
    IReadOnlyList<int>? Weights = null)
{
    /// <summary>In clusters: what each reference means.</summary>
    public IReadOnlyDictionary<ReferenceKey, ResolvedReference>? Outcomes { get; init; }
}

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
        var context = new RuleContext(route, matches, reads, problems);
        var compiled = new CompiledRule { Source = source };
        try
        {
            reads.Options.BeforeRule?.Invoke(source);
            compiled = Compile(rule, source, context);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            problems.Add($"the compiler failed on it ({failure.GetType().Name})");
        }
        if (!problems.IsEmpty)
            compiled = new CompiledRule { Source = source, FixedStatus = InternalError };
        if (compiled.FixedStatus is not null)
            context.Targets.Clear();
        return new RuleResult(compiled, matches, problems, context.References, context.Targets, context.Barred, [.. (rule.BackendRefs ?? []).Select(backend => backend.Weight ?? 1)])
        {
            Outcomes = context.InCluster ? context.Outcomes : null,
        };
    }

    private static CompiledRule Compile(HttpRouteRule rule, RuleSource source, RuleContext context)
    {
        var actions = FilterCompiler.Compile(rule.Filters, context, out var unresolved);
        // "the filter MUST NOT be skipped. Instead, requests that would have been processed by that filter MUST receive a HTTP error response"
        // (https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter, extensionRef).
        if (unresolved)
            context.Problems.AddReference(context.References[^1].Message, context.References[^1].Reason);
        return Settle(new CompiledRule
        {
            Source = source,
            Actions = actions,
            RequestTimeoutMs = RulePolicyCompiler.TimeoutOf("request", rule.Timeouts?.Request, context.Problems),
            BackendRequestTimeoutMs = RulePolicyCompiler.TimeoutOf("backendRequest", rule.Timeouts?.BackendRequest, context.Problems),
            Retry = context.Capabilities.Retry ? RulePolicyCompiler.RetryOf(rule.Retry, context.Problems) : null,
            Session = context.Capabilities.SessionPersistence ? RulePolicyCompiler.SessionOf(rule.SessionPersistence, source, context.Matches, context.Problems) : null,
            Backends = [.. (rule.BackendRefs ?? []).Select(backend => BackendOf(backend, context))],
        });
    }

    // "If all entries in BackendRefs are invalid, and there are also no filters specified in this route rule, all traffic which matches this
    // rule MUST receive a 500 status code" (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule, backendRefs).
    private static CompiledRule Settle(CompiledRule rule)
    {
        if (rule.Actions.Any(action => action is RedirectAction))
            return rule with { Backends = [], Retry = null, Session = null };
        // Sessions beat weights, even weight 0: https://gateway-api.sigs.k8s.io/geps/gep-1619/
        var idle = rule.Session is null && rule.Backends.All(backend => backend.Weight == 0);
        return idle || rule.Backends.All(backend => backend.Backend is null)
            ? rule with { Backends = [], Actions = [], Retry = null, Session = null, FixedStatus = InternalError }
            : rule;
    }

    private static WeightedBackend BackendOf(HttpBackendRef reference, RuleContext context)
    {
        var weight = Math.Clamp(reference.Weight ?? 1, 0, MaxWeight);
        var key = context.KeyOf(reference);
        var actions = FilterCompiler.Compile(reference.Filters, context, out var unresolved);
        return key is null || unresolved
            ? new WeightedBackend { Weight = weight, FailureStatus = InternalError }
            : new WeightedBackend { Backend = key, Weight = weight, Actions = actions };
    }
}
