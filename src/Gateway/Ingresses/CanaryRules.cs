using System.Text.RegularExpressions;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Where a request goes besides the main backend: canary-by-header before canary-by-cookie before canary-weight.</summary>
internal static class CanaryRules
{
    private const string Always = "always";
    private const string Never = "never";

    /// <summary>Matches of headers with the backend that they lead to, the first that holds wins; and the weighted backends of all other requests.</summary>
    public static (IReadOnlyList<(HttpHeaderMatch Header, BackendRef Backend)> ByHeader, IReadOnlyList<BackendRef> Weighted) Of(
        CanarySettings canary, BackendRef main, BackendRef other)
    {
        var byHeader = new List<(HttpHeaderMatch Header, BackendRef Backend)>();
        if (canary.Header is { } header && (canary.HeaderValue ?? canary.HeaderPattern) is { } value)
        {
            var type = canary.HeaderValue is null ? PathRules.RegularExpression : null;
            byHeader.Add((new HttpHeaderMatch { Type = type, Name = header, Value = value }, other));
        }
        else if (canary.Header is { } name)
        {
            byHeader.Add((new HttpHeaderMatch { Name = name, Value = Always }, other));
            byHeader.Add((new HttpHeaderMatch { Name = name, Value = Never }, main));
        }
        if (canary.Cookie is { } cookie)
        {
            byHeader.Add((CookieMatch(cookie, Always), other));
            byHeader.Add((CookieMatch(cookie, Never), main));
        }
        return (byHeader, Weighted(canary, main, other));
    }

    private static IReadOnlyList<BackendRef> Weighted(CanarySettings canary, BackendRef main, BackendRef other) => canary.Weight == 0
        ? [main]
        : [main with { Weight = canary.WeightTotal - canary.Weight }, other with { Weight = canary.Weight }];

    private static HttpHeaderMatch CookieMatch(string cookie, string value) => new()
    {
        Type = PathRules.RegularExpression,
        Name = "Cookie",
        Value = $"(.*;)? *{Regex.Escape(cookie)}={value} *(;.*)?",
    };
}
