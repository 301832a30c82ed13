using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Normalize;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Validate;

/// <summary>Sums up what stands against a route's rules.</summary>
internal static class RouteValidator
{
    private const int MaxMessages = 8;

    /// <summary>ResolvedRefs over all rules: the first problem's reason, all problems in the message.</summary>
    public static Verdict ResolvedRefsOf(IReadOnlyList<RuleResult> rules)
    {
        var problems = rules.SelectMany(rule => rule.References).ToArray();
        return problems.Length == 0
            ? Verdict.ResolvedRefs
            : Verdict.False(Reasons.ResolvedRefs, problems[0].Reason, Sentence(problems.Select(problem => problem.Message)));
    }

    /// <summary>
    /// Accepted=False if no rule can be used (https://gateway-api.sigs.k8s.io/reference/spec/#routeconditiontype), unless that is for
    /// references alone, which are ResolvedRefs' affair.
    /// </summary>
    public static Verdict? RefusedOf(IReadOnlyList<RuleResult> rules) =>
        rules.All(rule => !rule.Problem.IsEmpty) && rules.FirstOrDefault(rule => !rule.Problem.IsReferenceOnly) is { } broken
            ? Verdict.False(Reasons.Accepted, broken.Problem.Reason, $"No rule can be used, requests get 500. {Sentence(rules.Select(Describe))}")
            : null;

    /// <summary>PartiallyInvalid=True if some rules can and some cannot be used; the message begins as upstream asks.</summary>
    public static Verdict? PartiallyInvalidOf(IReadOnlyList<RuleResult> rules)
    {
        var dropped = rules.Where(rule => !rule.Problem.IsEmpty).ToArray();
        return dropped.Length == 0 || dropped.Length == rules.Count
            ? null
            : Verdict.True(Reasons.PartiallyInvalid, dropped[0].Problem.Reason, $"Dropped Rule(s), requests that they match get 500: {Sentence(dropped.Select(Describe))}");
    }

    /// <summary>
    /// NoWeight=True if all weights of a rule are 0. Upstream's text leaves open what that means; its suite asks for an accepted route
    /// that answers 500.
    /// </summary>
    public static Verdict? NoWeightOf(IReadOnlyList<RuleResult> rules)
    {
        var idle = rules.Where(rule => rule.Weights is { Count: > 0 } weights && weights.All(weight => weight == 0)).ToArray();
        return idle.Length == 0
            ? null
            : Verdict.True(Reasons.NoWeight, Reasons.NoWeight, $"All weights are 0, so that no backend takes new traffic and requests get 500: {string.Join(", ", idle.Select(rule => $"rule {rule.Rule.Source.Rule}"))}. Give one backend a weight.");
    }

    /// <summary>Names fields that are stored and not acted on.</summary>
    public static Verdict? UnsupportedFieldsOf(IReadOnlyList<HttpRouteRule> rules, TargetCapabilities capabilities)
    {
        var fields = new List<string>();
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Retry is not null && !capabilities.Retry)
                fields.Add($"rules[{i}].retry");
            if (rules[i].SessionPersistence is not null && !capabilities.SessionPersistence)
                fields.Add($"rules[{i}].sessionPersistence");
        }
        return fields.Count == 0
            ? null
            : Verdict.True(Reasons.UnsupportedFields, Reasons.NotSupported, $"Stored, but the data plane does not act on {string.Join(", ", fields)}.");
    }

    private static string Describe(RuleResult rule) =>
        rule.Rule.Source.RuleName is { } name ? $"rule {rule.Rule.Source.Rule} (`{name}`): {rule.Problem.Message}" : $"rule {rule.Rule.Source.Rule}: {rule.Problem.Message}";

    private static string Sentence(IEnumerable<string> messages)
    {
        var distinct = messages.Distinct().ToArray();
        var text = string.Join("; ", distinct.Take(MaxMessages));
        return distinct.Length > MaxMessages ? $"{text}; and {distinct.Length - MaxMessages} more" : text;
    }
}
