using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>
/// The regular expressions of one route. Making one ready costs a quarter of a millisecond here and again in every data plane, so a
/// route with thousands would hold up its neighbours' changes. What goes beyond the bound fails closed, like one that cannot be used.
/// </summary>
internal sealed class RegexBudget
{
    /// <summary>Different regular expressions in one route.</summary>
    public const int MaxPerRoute = 64;

    private readonly HashSet<string> _patterns = new(StringComparer.Ordinal);

    /// <summary>Why an expression cannot be used; null: it can.</summary>
    public string? Refuse(string pattern)
    {
        if (_patterns.Count >= MaxPerRoute && !_patterns.Contains(pattern))
            return $"a route may have {MaxPerRoute} different regular expressions; split it or use exact matches";
        _patterns.Add(pattern);
        return TenantRegex.TryCreate(pattern, out var error) is null ? error : null;
    }
}
