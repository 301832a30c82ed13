using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Which DNS names a tenant can claim: stricter than what a route may list, because a claim takes the name from everybody else.</summary>
internal static class HostnameRules
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    /// <summary>What is wrong with a lower-case name without trailing dot, or null.</summary>
    public static string? Problem(string name)
    {
        var quoted = SafeText.Quote(name);
        // No Unicode tables for normalization are at hand (invariant globalization), and a wrong guess would claim another name.
        if (!System.Text.Ascii.IsValid(name))
            return $"{quoted} must be ASCII: send internationalized names in their punycode form (xn--…).";
        if (name.Length is 0 or > MaxLength)
            return $"A DNS name has 1 to {MaxLength} characters; this one has {name.Length}.";
        var wildcard = name.StartsWith("*.", StringComparison.Ordinal);
        var labels = (wildcard ? name[2..] : name).Split('.');
        if (labels.Any(label => !IsLabel(label)))
            return name.Contains('*', StringComparison.Ordinal) && !wildcard
                ? $"{quoted} may have '*' only as its whole leftmost label, as in '*.shop.example.com'."
                : $"{quoted} must be labels of 1 to {MaxLabel} letters, digits and '-' joined by '.', each with a letter or digit at both ends.";
        if (labels.Length < 2)
            return wildcard
                ? $"{quoted} must have at least two labels after '*.', as in '*.example.com'."
                : $"{quoted} must have at least two labels, as in 'shop.example.com'.";
        return labels[^1].All(char.IsAsciiDigit) ? $"{quoted} must be a DNS name, not an address: its last label cannot be a number." : null;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel
        && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
