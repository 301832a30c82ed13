using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>Compiles the rules of an HTTPRoute.</summary>
internal static class HttpRules
{
    private static readonly IReadOnlyList<HttpRouteRule> DefaultRules = [new HttpRouteRule()];

    public static CompiledRules Compile(Resource<HttpRouteSpec> route, Reads reads)
    {
        var rules = route.Spec.Rules is { Count: > 0 } written ? written : DefaultRules;
        var regexes = new RegexBudget();
        var results = rules.Select((rule, index) => RuleCompiler.Compile(route.Key, rule, index, problems => MatchNormalizer.Normalize(rule, index, regexes, problems), reads)).ToArray();
        return RouteRules.Of(route.Key.Kind, results, RouteValidator.UnsupportedFieldsOf(rules, reads.Options.Capabilities));
    }
}
