using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>
/// Turns filters into actions (https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter). A filter that cannot be carried
/// out is reported and never passed over.
/// </summary>
internal static class FilterCompiler
{
    private const int Found = 302;

    /// <summary>Compiles a list of filters.</summary>
    /// <param name="filters">Filters as written.</param>
    /// <param name="rule">The rule that they are part of; takes what cannot be done.</param>
    /// <param name="unresolved">Whether an ExtensionRef is among them, which nothing here resolves.</param>
    public static IReadOnlyList<RuleAction> Compile(IReadOnlyList<HttpRouteFilter>? filters, RuleContext rule, out bool unresolved)
    {
        unresolved = false;
        if (filters is null or { Count: 0 })
            return [];
        if (filters.Any(filter => filter.RequestRedirect is not null) && filters.Any(filter => filter.UrlRewrite is not null))
            rule.Problems.Add("RequestRedirect and URLRewrite exclude each other", Reasons.IncompatibleFilters);
        var actions = new List<RuleAction>(filters.Count);
        foreach (var filter in filters)
        {
            // In a cluster, its controller knows the kind, or refuses the requests itself.
            if (filter.Type == "ExtensionRef" && rule.InCluster)
                continue;
            if (filter is { Type: "ExtensionRef", ExtensionRef: { } extension })
            {
                unresolved = true;
                rule.References.Add(new ReferenceProblem(Reasons.InvalidKind, $"filter ExtensionRef names {extension.Group}/{extension.Kind} `{extension.Name}`, a kind that nobody here knows: its requests get 500. Remove it"));
            }
            else if (Compile(filter, rule) is { } action)
            {
                actions.Add(action);
            }
        }
        return actions;
    }

    private static RuleAction? Compile(HttpRouteFilter filter, RuleContext rule)
    {
        var problems = rule.Problems;
        if (!rule.Capabilities.HttpFilters.Contains(filter.Type))
        {
            problems.Add($"filter {filter.Type} is not supported by the data plane", Reasons.UnsupportedValue);
            return null;
        }
        switch (filter.Type)
        {
            case "RequestHeaderModifier" when filter.RequestHeaderModifier is { } changes:
                return new RequestHeadersAction(ChangesOf(changes, problems));
            case "ResponseHeaderModifier" when filter.ResponseHeaderModifier is { } changes:
                return new ResponseHeadersAction(ChangesOf(changes, problems));
            case "RequestRedirect" when filter.RequestRedirect is { } redirect:
                return RedirectOf(redirect, rule.Matches, problems);
            case "URLRewrite" when filter.UrlRewrite is { } rewrite:
                return new UrlRewriteAction { Hostname = HostnameOf(rewrite.Hostname, problems), Path = PathOf(rewrite.Path, rule.Matches, problems) };
            case "RequestMirror" when filter.RequestMirror is { } mirror:
                return PolicyFilters.MirrorOf(mirror, rule);
            case "CORS" when filter.Cors is { } cors:
                return PolicyFilters.CorsOf(cors, problems);
            case "ExternalAuth" when filter.ExternalAuth is { } auth:
                return PolicyFilters.ExternalAuthOf(auth, rule);
            default:
                problems.Add($"filter {filter.Type} lacks its settings");
                return null;
        }
    }

    private static HeaderChanges ChangesOf(HttpHeaderFilter filter, ProblemList problems)
    {
        foreach (var header in (filter.Set ?? []).Concat(filter.Add ?? []))
            HeaderText.Check(header.Name, header.Value, problems);
        foreach (var name in filter.Remove ?? [])
            HeaderText.Check(name, "", problems);
        return new HeaderChanges(ValuesOf(filter.Set), ValuesOf(filter.Add), [.. filter.Remove ?? []]);
    }

    private static HeaderValue[] ValuesOf(IReadOnlyList<HttpHeader>? headers) =>
        [.. (headers ?? []).Select(header => new HeaderValue(header.Name, header.Value))];

    // https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter
    private static RedirectAction RedirectOf(HttpRequestRedirectFilter redirect, IReadOnlyList<CompiledMatch> matches, ProblemList problems)
    {
        if (redirect.Scheme is not (null or "http" or "https"))
            problems.Add($"redirect scheme `{redirect.Scheme}` is unknown");
        if (redirect.StatusCode is not (null or 301 or 302 or 303 or 307 or 308))
            problems.Add($"redirect status code {redirect.StatusCode} is not supported");
        return new RedirectAction
        {
            Scheme = redirect.Scheme,
            Hostname = HostnameOf(redirect.Hostname, problems),
            Port = redirect.Port,
            StatusCode = redirect.StatusCode ?? Found,
            Path = PathOf(redirect.Path, matches, problems),
        };
    }

    // The CRDs bound a hostname as a whole and not its labels (RFC 1035 §2.3.4: 63 octets).
    private static string? HostnameOf(string? hostname, ProblemList problems)
    {
        if (hostname is not null && !RequestHost.TryNormalize(hostname, out _))
            problems.Add($"hostname `{hostname}` cannot be sent: a label has 1 to 63 characters");
        return hostname;
    }

    // "ReplacePrefixMatch is only compatible with a PathPrefix HTTPRouteMatch" (https://gateway-api.sigs.k8s.io/reference/spec/#httppathmodifier).
    private static PathChange? PathOf(HttpPathModifier? path, IReadOnlyList<CompiledMatch> matches, ProblemList problems)
    {
        // The CRDs accept any text here.
        if (!PathText.IsSendable(path?.ReplaceFullPath ?? "") || !PathText.IsSendable(path?.ReplacePrefixMatch ?? ""))
            problems.Add("a replacement path cannot be sent: it begins with / and holds visible ASCII characters without # and \\");
        switch (path?.Type)
        {
            case null:
                return null;
            case "ReplaceFullPath" when path.ReplaceFullPath is { } full:
                return new PathChange(full);
            case "ReplacePrefixMatch" when path.ReplacePrefixMatch is { } replacement && matches is [{ PathType: "PathPrefix" } match]:
                return new PathChange(null, match.Path, replacement);
            case "ReplacePrefixMatch":
                problems.Add("ReplacePrefixMatch needs exactly one match, a PathPrefix", Reasons.IncompatibleFilters);
                return null;
            default:
                problems.Add($"path modifier `{path.Type}` is unknown or lacks its value");
                return null;
        }
    }
}
