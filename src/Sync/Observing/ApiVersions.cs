using System.Globalization;
using System.Text.RegularExpressions;

namespace Gatehouse.Sync.Observing;

/// <summary>Orders versions as Kubernetes does: stable before beta before alpha, then newer before older.</summary>
internal sealed partial class ApiVersions : IComparer<string>
{
    public static ApiVersions BestFirst { get; } = new();

    public int Compare(string? x, string? y)
    {
        var order = Rank(y).CompareTo(Rank(x));
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static (int Stability, int Major, int Minor) Rank(string? version)
    {
        if (version is null || Pattern().Match(version) is not { Success: true } match)
            return (0, 0, 0);
        var stability = match.Groups[2].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (stability, NumberOf(match.Groups[1]), NumberOf(match.Groups[3]));
    }

    private static int NumberOf(Group group) => group.Success && int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^v(\d+)(?:(alpha|beta)(\d+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
