using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>What the fields of one HTTPRoute rule say of each other (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule).</summary>
internal static class HttpRuleRules
{
    public static void Check(ObjectReader reader, HttpRouteRule rule)
    {
        RefuseRedirectWithBackends(reader, rule);
        if (HasSinglePrefixMatch(rule))
            return;
        for (var i = 0; i < rule.Filters?.Count; i++)
            RefusePrefixReplacement(reader, rule.Filters[i], "filters", i);
        CheckBackendFilters(reader, rule, ReplacesRedirectPrefix);
        CheckBackendFilters(reader, rule, ReplacesRewritePrefix);
    }

    /// <summary>"RequestRedirect filter must not be used together with backendRefs".</summary>
    private static void RefuseRedirectWithBackends(ObjectReader reader, HttpRouteRule rule)
    {
        if (rule.BackendRefs is not { Count: > 0 })
            return;
        for (var i = 0; i < rule.Filters?.Count; i++)
        {
            if (rule.Filters[i].RequestRedirect is not null)
                reader.Report(ErrorCodes.Conflict, "A rule that redirects sends nothing to backends: remove this filter or the rule's backendRefs.", "filters", i);
        }
    }

    /// <summary>
    /// "Within backendRefs, when using … filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified". Upstream's
    /// expression says exists_one: with two such backendRefs it holds for any matches, and so does ours.
    /// </summary>
    private static void CheckBackendFilters(ObjectReader reader, HttpRouteRule rule, Func<HttpRouteFilter, bool> replacesPrefix)
    {
        var backends = rule.BackendRefs ?? [];
        var replacing = Enumerable.Range(0, backends.Count).Where(i => backends[i].Filters?.Count(replacesPrefix) == 1).Take(2).ToList();
        if (replacing is not [var backend])
            return;
        var filters = backends[backend].Filters!;
        for (var i = 0; i < filters.Count; i++)
        {
            if (replacesPrefix(filters[i]))
                RefusePrefixReplacement(reader, filters[i], "backendRefs", backend, "filters", i);
        }
    }

    /// <summary>"When using … filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified".</summary>
    private static void RefusePrefixReplacement(ObjectReader reader, HttpRouteFilter filter, params ReadOnlySpan<Step> at)
    {
        const string Advice = "Replacing the matched prefix needs exactly one match in the rule, with a path of type PathPrefix.";
        if (ReplacesRedirectPrefix(filter))
            reader.Report(ErrorCodes.Conflict, Advice, [.. at, "requestRedirect", "path", "replacePrefixMatch"]);
        if (ReplacesRewritePrefix(filter))
            reader.Report(ErrorCodes.Conflict, Advice, [.. at, "urlRewrite", "path", "replacePrefixMatch"]);
    }

    private static bool ReplacesRedirectPrefix(HttpRouteFilter filter) => ReplacesPrefix(filter.RequestRedirect?.Path);

    private static bool ReplacesRewritePrefix(HttpRouteFilter filter) => ReplacesPrefix(filter.UrlRewrite?.Path);

    private static bool ReplacesPrefix(HttpPathModifier? path) =>
        path is { Type: PathRules.ReplacePrefixMatch, ReplacePrefixMatch: not null };

    /// <summary>An absent list is one match with prefix <c>/</c>, and so is a match without path; an empty list is none.</summary>
    private static bool HasSinglePrefixMatch(HttpRouteRule rule) => rule.Matches switch
    {
        null => true,
        [var match] => (match.Path?.Type ?? PathRules.Prefix) == PathRules.Prefix,
        _ => false,
    };
}
