using System.Security.Cryptography;
using System.Text;
using Gatehouse.Gateway.Compilation.Validate;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>Compiles what a rule says of time limits, retries and sessions.</summary>
internal static class RulePolicyCompiler
{
    private const int DefaultAttempts = 1;

    // Upstream leaves the default open. A 500 tells of a request that was carried out; these tell of one that was not.
    private static readonly int[] DefaultCodes = [502, 503, 504];

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts; "A zero-valued duration … MUST be interpreted as no timeout".</summary>
    public static long? TimeoutOf(string field, string? duration, ProblemList problems) => MillisecondsOf($"timeouts.{field}", duration, problems);

    /// <summary>Retries (https://gateway-api.sigs.k8s.io/reference/spec/#httprouteretry); null: none, also for zero attempts.</summary>
    public static RetryEntry? RetryOf(HttpRouteRetry? retry, ProblemList problems)
    {
        if (retry is null)
            return null;
        var codes = retry.Codes is { Count: > 0 } written ? written.Distinct().Order().ToArray() : DefaultCodes;
        if (codes.Any(code => code is < 400 or > 599))
            problems.Add("retry.codes holds a status that is no error: use 400 to 599");
        var backoff = MillisecondsOf("retry.backoff", retry.Backoff, problems) ?? 0;
        return retry.Attempts is <= 0 ? null : new RetryEntry((int)Math.Min(retry.Attempts ?? DefaultAttempts, int.MaxValue), codes, backoff);
    }

    /// <summary>Session persistence (https://gateway-api.sigs.k8s.io/reference/spec/#sessionpersistence); null: none.</summary>
    public static SessionEntry? SessionOf(SessionPersistence? session, RuleSource rule, IReadOnlyList<CompiledMatch> matches, ProblemList problems)
    {
        if (session is null)
            return null;
        if (session.Type is not (null or "Cookie" or "Header"))
            problems.Add($"sessionPersistence.type `{session.Type}` is unknown");
        if (session.CookieConfig?.LifetimeType is not (null or "Session" or "Permanent"))
            problems.Add($"sessionPersistence.cookieConfig.lifetimeType `{session.CookieConfig.LifetimeType}` is unknown");
        if (session.SessionName is { Length: > 0 } given && !HeaderText.IsToken(given))
            problems.Add("sessionPersistence.sessionName cannot be the name of a cookie or header: it is no RFC 7230 token");
        var header = session.Type == "Header";
        var permanent = session.CookieConfig?.LifetimeType == "Permanent";
        var timeout = MillisecondsOf("sessionPersistence.absoluteTimeout", session.AbsoluteTimeout, problems);
        if (permanent && timeout is null)
            problems.Add("sessionPersistence with a permanent cookie needs absoluteTimeout");
        return new SessionEntry(session.SessionName is { Length: > 0 } name ? name : NameOf(rule, header), header, timeout, permanent, PathOf(matches));
    }

    // "sessions are not shared across rules": the name is the rule's own, stays while others come and go if the rule has a name, and
    // tells clients nothing of tenants and routes.
    private static string NameOf(RuleSource rule, bool header)
    {
        var identity = $"{rule.Kind}/{rule.Tenant}/{rule.Name}/{(rule.RuleName is { } name ? name : $"#{rule.Rule}")}";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 6));
        return header ? $"X-Gatehouse-Session-{digest}" : $"gatehouse-session-{digest}";
    }

    private static string PathOf(IReadOnlyList<CompiledMatch> matches) =>
        matches is [{ PathType: MatchNormalizer.Exact or MatchNormalizer.Prefix } only] ? only.Path : "/";

    private static long? MillisecondsOf(string field, string? duration, ProblemList problems)
    {
        if (duration is null)
            return null;
        if (GatewayDuration.TryParse(duration, out var parsed))
            return (long)parsed.TotalMilliseconds;
        problems.Add($"{field} is not a duration");
        return null;
    }
}
