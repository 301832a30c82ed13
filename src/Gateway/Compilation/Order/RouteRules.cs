using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Normalize;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Compilation.Validate;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>Puts the rules of one route together.</summary>
internal static class RouteRules
{
    private static readonly Dictionary<ReferenceKey, ResolvedReference> NoOutcomes = [];

    /// <summary>Sums up what the rules compiled to.</summary>
    /// <param name="kind">Kind of the route.</param>
    /// <param name="results">Rules in the order of the route.</param>
    /// <param name="unsupportedFields">UnsupportedFields=True, or null.</param>
    public static CompiledRules Of(string kind, IReadOnlyList<RuleResult> results, Verdict? unsupportedFields = null)
    {
        var matches = results.SelectMany(result => result.Matches).ToArray();
        Array.Sort(matches, MatchPrecedence.Within(kind));
        return new CompiledRules
        {
            Rules = [.. results.Select(result => result.Rule)],
            Matches = matches,
            Backends = TargetsOf(results, static result => result.Targets),
            Barred = TargetsOf(results, static result => result.Barred),
            ResolvedRefs = RouteValidator.ResolvedRefsOf(results),
            Refused = RouteValidator.RefusedOf(results),
            PartiallyInvalid = RouteValidator.PartiallyInvalidOf(results),
            References = results.Any(static result => result.Outcomes is not null)
                ? results.SelectMany(static result => result.Outcomes ?? NoOutcomes).DistinctBy(static outcome => outcome.Key).ToDictionary()
                : NoOutcomes,
            Notices = [.. new[] { RouteValidator.NoWeightOf(results), unsupportedFields }.OfType<Verdict>()],
        };
    }

    private static BackendTarget[] TargetsOf(IReadOnlyList<RuleResult> rules, Func<RuleResult, IReadOnlyList<BackendTarget>> select) => rules is [var only] && select(only) is { Count: <= 1 } few
        ? [.. few]
        : [.. rules.SelectMany(select).DistinctBy(target => target.Key).OrderBy(target => target.Key, StringComparer.Ordinal)];
}
