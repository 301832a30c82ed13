using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gatehouse.Api.Lists;

/// <summary>How a requirement compares.</summary>
internal enum LabelOperator
{
    In,
    NotIn,
    Exists,
    Missing,
}

/// <summary>One requirement on a label.</summary>
/// <param name="Key">Label key.</param>
/// <param name="Operator">Comparison.</param>
/// <param name="Values">Values of In and NotIn.</param>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values);

/// <summary>
/// A label selector in Kubernetes' notation: <c>a=b</c>, <c>a==b</c>, <c>a!=b</c>, <c>a in (b,c)</c>, <c>a notin (b)</c>, <c>a</c>, <c>!a</c>, joined by commas
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors). As there, != and notin also select objects without the label.
/// </summary>
internal sealed partial record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    public const int MaxLength = 2048;

    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Reads a selector; everything has to make sense.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LabelSelector? selector)
    {
        selector = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            selector = Everything;
            return true;
        }
        if (text.Length > MaxLength)
            return false;
        var requirements = new List<LabelRequirement>();
        var position = 0;
        while (true)
        {
            var match = RequirementPattern().Match(text, position);
            if (!match.Success || match.Index != position)
                return false;
            requirements.Add(Read(match));
            position += match.Length;
            if (position == text.Length)
                break;
            if (text[position++] != ',')
                return false;
        }
        selector = new LabelSelector(requirements);
        return true;
    }

    private static LabelRequirement Read(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["not"].Success)
            return new LabelRequirement(key, LabelOperator.Missing, []);
        if (match.Groups["set"].Success)
        {
            var values = match.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            return new LabelRequirement(key, match.Groups["set"].Value == "in" ? LabelOperator.In : LabelOperator.NotIn, values);
        }
        if (!match.Groups["compare"].Success)
            return new LabelRequirement(key, LabelOperator.Exists, []);
        return new LabelRequirement(
            key, match.Groups["compare"].Value == "!=" ? LabelOperator.NotIn : LabelOperator.In, [match.Groups["value"].Value]);
    }

    private const string Value = "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";

    [GeneratedRegex(
        @"\G\s*(?:(?<not>!)\s*)?(?<key>([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)"
        + @"(?(not)|(?:\s+(?<set>in|notin)\s*\(\s*(?<values>" + Value + @"(\s*,\s*" + Value + @")*)\s*\)|\s*(?<compare>==|!=|=)\s*(?<value>" + Value + @"))?)\s*(?=,|\z)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex RequirementPattern();
}
