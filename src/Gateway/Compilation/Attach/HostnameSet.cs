namespace Gatehouse.Gateway.Compilation.Attach;

/// <summary>
/// Hostnames as sets of names: exact, <c>*.suffix</c> (one or more labels before it), or <see cref="Any"/>
/// (https://gateway-api.sigs.k8s.io/reference/spec/#hostname).
/// </summary>
public static class HostnameSet
{
    /// <summary>Every name; what a listener or route without hostname means.</summary>
    public const string Any = "*";

    /// <summary>Whether all names of <paramref name="inner"/> are names of <paramref name="outer"/>.</summary>
    public static bool Covers(string outer, string inner)
    {
        if (outer == Any || outer == inner)
            return true;
        if (!IsWildcard(outer) || inner == Any)
            return false;
        var suffix = outer.AsSpan(1);
        var rest = IsWildcard(inner) ? inner.AsSpan(1) : inner;
        return rest.Length > suffix.Length && rest.EndsWith(suffix, StringComparison.Ordinal);
    }

    /// <summary>The names that both hold, or null: of two names one covers the other or nothing is common (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec, hostnames).</summary>
    public static string? Intersect(string left, string right) =>
        Covers(left, right) ? right : Covers(right, left) ? left : null;

    /// <summary>Whether a hostname stands for all names below it.</summary>
    public static bool IsWildcard(string hostname) => hostname.StartsWith("*.", StringComparison.Ordinal);
}
