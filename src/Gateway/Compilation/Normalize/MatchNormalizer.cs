using System.Collections.Frozen;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>
/// Brings matches into the form that is compared: defaults filled in, paths decoded, header names in lower case, repeated
/// names dropped (https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch). What cannot be compared is reported and widened:
/// the rule then fails closed for every request that it could have been meant for.
/// </summary>
internal static class MatchNormalizer
{
    public const string Exact = "Exact";
    public const string Prefix = "PathPrefix";
    public const string RegularExpression = "RegularExpression";
    private const string AnyValue = ".*";

    private static readonly HttpRouteMatch Everything = new();

    private static readonly FrozenSet<string> Methods =
        FrozenSet.Create("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    /// <summary>The matches of a rule; without any it matches every path.</summary>
    public static IReadOnlyList<CompiledMatch> Normalize(HttpRouteRule rule, int ruleIndex, RegexBudget regexes, ProblemList problems)
    {
        var matches = rule.Matches is { Count: > 0 } written ? written : [Everything];
        return [.. matches.Select((match, index) => Normalize(match, ruleIndex, index, regexes, problems))];
    }

    /// <summary>A path as it is compared; null: no request that is let through has it.</summary>
    public static string? NormalizePath(string path, bool prefix)
    {
        if (path.Length == 0)
            return "/";
        var normal = RequestPath.Normalize(path);
        // "a trailing `/` is ignored" (https://gateway-api.sigs.k8s.io/reference/spec/#pathmatchtype).
        return prefix && normal?.TrimEnd('/') is { } trimmed ? (trimmed.Length == 0 ? "/" : trimmed) : normal;
    }

    private static CompiledMatch Normalize(HttpRouteMatch match, int rule, int index, RegexBudget regexes, ProblemList problems)
    {
        var (type, path) = PathOf(match.Path, regexes, problems);
        if (match.Method is { } method && !Methods.Contains(method))
            problems.Add($"method `{method}` is unknown");
        return new CompiledMatch
        {
            Rule = rule,
            Index = index,
            PathType = type,
            Path = path,
            Method = match.Method,
            Headers = HeadersOf(match.Headers, regexes, problems),
            Query = QueryOf(match.QueryParams, regexes, problems),
        };
    }

    private static (string Type, string Path) PathOf(HttpPathMatch? match, RegexBudget regexes, ProblemList problems)
    {
        var type = match?.Type ?? Prefix;
        var value = match?.Value ?? "/";
        switch (type)
        {
            case Exact or Prefix when NormalizePath(value, type == Prefix) is { } path:
                return (type, path);
            case Exact or Prefix:
                problems.Add($"path `{value}` is one that every request is refused for");
                break;
            case RegularExpression when regexes.Refuse(value) is { } error:
                problems.Add($"the path's regular expression cannot be used: {error}");
                break;
            case RegularExpression:
                return (type, value);
            default:
                problems.Add($"path match type `{type}` is unknown");
                break;
        }
        return (RegularExpression, AnyValue);
    }

    // "If multiple entries specify equivalent header names, only the first entry … MUST be considered"
    // (https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch).
    public static ValueMatch[]? HeadersOf(IReadOnlyList<HttpHeaderMatch>? headers, RegexBudget regexes, ProblemList problems) => headers is null or { Count: 0 }
        ? null
        : [.. headers.DistinctBy(header => header.Name, StringComparer.OrdinalIgnoreCase)
            .Select(header => ValueOf("header", header.Name.ToLowerInvariant(), header.Type, header.Value, regexes, problems))];

    // Query parameter names are exact strings (https://gateway-api.sigs.k8s.io/reference/spec/#httpqueryparammatch).
    private static ValueMatch[]? QueryOf(IReadOnlyList<HttpQueryParamMatch>? parameters, RegexBudget regexes, ProblemList problems) => parameters is null or { Count: 0 }
        ? null
        : [.. parameters.DistinctBy(parameter => parameter.Name, StringComparer.Ordinal)
            .Select(parameter => ValueOf("query parameter", parameter.Name, parameter.Type, parameter.Value, regexes, problems))];

    private static ValueMatch ValueOf(string what, string name, string? type, string value, RegexBudget regexes, ProblemList problems)
    {
        switch (type ?? Exact)
        {
            case Exact:
                return new ValueMatch(name, value);
            case RegularExpression when regexes.Refuse(value) is { } error:
                problems.Add($"the regular expression of {what} `{name}` cannot be used: {error}");
                break;
            case RegularExpression:
                return new ValueMatch(name, value, Regex: true);
            default:
                problems.Add($"match type `{type}` of {what} `{name}` is unknown");
                break;
        }
        return new ValueMatch(name, AnyValue, Regex: true);
    }
}
