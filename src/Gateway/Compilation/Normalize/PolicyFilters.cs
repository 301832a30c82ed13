using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>Compiles the filters that ask or tell others: mirrors, CORS and external authorization.</summary>
internal static class PolicyFilters
{
    private const int Percent = 100;
    private const int DefaultMaxAge = 5;

    /// <summary>
    /// "If the referent cannot be found, this BackendRef is invalid and must be dropped" with ResolvedRefs=False
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#httprequestmirrorfilter). Null: it was.
    /// </summary>
    public static MirrorAction? MirrorOf(HttpRequestMirrorFilter mirror, RuleContext rule)
    {
        var (numerator, denominator) = mirror.Fraction is { } fraction
            ? (fraction.Numerator, fraction.Denominator ?? Percent)
            : (mirror.Percent ?? Percent, Percent);
        if (denominator < 1 || numerator < 0 || numerator > denominator)
        {
            rule.Problems.Add($"a mirror of {numerator} in {denominator} requests cannot be");
            return null;
        }
        return rule.KeyOf(mirror.BackendRef) is { } key ? new MirrorAction(key, numerator, denominator) : null;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter</summary>
    public static CorsAction CorsOf(HttpCorsFilter cors, ProblemList problems) => new()
    {
        AllowOrigins = [.. cors.AllowOrigins ?? []],
        AllowCredentials = cors.AllowCredentials ?? false,
        AllowMethods = HeaderText.Tokens(cors.AllowMethods, "cors.allowMethods", problems),
        AllowHeaders = HeaderText.Tokens(cors.AllowHeaders, "cors.allowHeaders", problems),
        ExposeHeaders = HeaderText.Tokens(cors.ExposeHeaders, "cors.exposeHeaders", problems),
        MaxAge = cors.MaxAge ?? DefaultMaxAge,
    };

    /// <summary>
    /// A service that cannot be referenced refuses every request: "MUST … fail closed"
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#httpexternalauthfilter). An empty list of headers means upstream's default.
    /// </summary>
    public static ExternalAuthAction? ExternalAuthOf(HttpExternalAuthFilter auth, RuleContext rule)
    {
        if (auth.Protocol is not ("HTTP" or "GRPC"))
        {
            rule.Problems.Add($"external authorization protocol `{auth.Protocol}` is unknown");
            return null;
        }
        var grpc = auth.Protocol == "GRPC";
        var backend = rule.KeyOf(auth.BackendRef, grpc ? ResourceKind.GrpcRoute : ResourceKind.HttpRoute);
        if (backend is null)
            rule.Problems.AddReference($"its authorization service cannot be asked, so every request is refused: {rule.References[^1].Message}", rule.References[^1].Reason);
        return new ExternalAuthAction
        {
            Grpc = grpc,
            Backend = backend,
            PathPrefix = auth.Http?.Path is { Length: > 0 } prefix ? PathOf(prefix, rule.Problems) : null,
            AllowedHeaders = NamesOf(grpc ? auth.Grpc?.AllowedHeaders : auth.Http?.AllowedHeaders),
            AllowedResponseHeaders = NamesOf(auth.Http?.AllowedResponseHeaders),
            MaxBodyBytes = Math.Max(0, auth.ForwardBody?.MaxSize ?? 0),
        };
    }

    // "Implementations MUST sanitize this input before using it directly": upstream's pattern lets `auth` and `/../` through.
    private static string PathOf(string prefix, ProblemList problems)
    {
        var path = prefix.StartsWith('/') ? prefix : $"/{prefix}";
        if (!PathText.IsSendable(path) || RequestPath.Normalize(path) is null)
            problems.Add("the path of external authorization cannot be sent: it holds dot segments or what is no path");
        return path;
    }

    private static string[]? NamesOf(IReadOnlyList<string>? names) =>
        names is { Count: > 0 } ? [.. names.Select(name => name.ToLowerInvariant()).Distinct()] : null;
}
