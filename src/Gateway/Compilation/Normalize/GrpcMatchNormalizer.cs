using System.Text.RegularExpressions;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>
/// Turns gRPC matches into matches of the path <c>/service/method</c> that gRPC calls carry
/// (https://gateway-api.sigs.k8s.io/reference/spec/#grpcmethodmatch): both → exact; service alone → prefix; method alone and regular
/// expressions → an expression over the whole path. Services and methods are compared with regard to case, as in HTTP.
/// </summary>
internal static class GrpcMatchNormalizer
{
    /// <summary>What stands for any service in the expression of a method alone; precedence tells that from a tenant's expression.</summary>
    public const string AnyServicePath = "/[^/]+/";

    private const string AnySegment = "[^/]+";
    private const string AnyPath = ".*";

    private static readonly GrpcRouteMatch Everything = new();

    /// <summary>The matches of a rule; without any it matches every method.</summary>
    public static IReadOnlyList<CompiledMatch> Normalize(GrpcRouteRule rule, int ruleIndex, RegexBudget regexes, ProblemList problems)
    {
        var matches = rule.Matches is { Count: > 0 } written ? written : [Everything];
        return [.. matches.Select((match, index) => Normalize(match, ruleIndex, index, regexes, problems))];
    }

    private static CompiledMatch Normalize(GrpcRouteMatch match, int rule, int index, RegexBudget regexes, ProblemList problems)
    {
        var (type, path) = PathOf(match.Method, regexes, problems);
        return new CompiledMatch
        {
            Rule = rule,
            Index = index,
            PathType = type,
            Path = path,
            Headers = MatchNormalizer.HeadersOf(match.Headers, regexes, problems),
        };
    }

    private static (string Type, string Path) PathOf(GrpcMethodMatch? match, RegexBudget regexes, ProblemList problems)
    {
        var service = string.IsNullOrEmpty(match?.Service) ? null : match.Service;
        var method = string.IsNullOrEmpty(match?.Method) ? null : match.Method;
        switch (match?.Type ?? MatchNormalizer.Exact)
        {
            case MatchNormalizer.Exact:
                return (service, method) switch
                {
                    (null, null) => (MatchNormalizer.Prefix, "/"),
                    (not null, null) => (MatchNormalizer.Prefix, $"/{service}"),
                    (null, not null) => (MatchNormalizer.RegularExpression, AnyServicePath + Regex.Escape(method)),
                    _ => (MatchNormalizer.Exact, $"/{service}/{method}"),
                };
            case MatchNormalizer.RegularExpression when Refuse(service, method, regexes) is { } error:
                problems.Add($"the regular expression of service or method cannot be used: {error}");
                break;
            case MatchNormalizer.RegularExpression:
                return (MatchNormalizer.RegularExpression, PatternOf(service, method));
            default:
                problems.Add($"method match type `{match!.Type}` is unknown");
                break;
        }
        return (MatchNormalizer.RegularExpression, AnyPath);
    }

    // Each alone must be an expression: together they could complete each other's brackets.
    private static string? Refuse(string? service, string? method, RegexBudget regexes)
    {
        foreach (var part in new[] { service, method }.OfType<string>())
        {
            if (TenantRegex.TryCreate(part, out var error) is null)
                return error;
        }
        return regexes.Refuse(PatternOf(service, method));
    }

    private static string PatternOf(string? service, string? method) => $"/(?:{service ?? AnySegment})/(?:{method ?? AnySegment})";
}
