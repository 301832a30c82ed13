using System.Globalization;
using System.Text;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Texts that strangers put into DNS, on their way into messages: few, short, and of plain characters.</summary>
internal static class HostileText
{
    /// <summary>Longest text in a list, in characters of the original.</summary>
    public const int MaxLength = 300;

    private const int MaxValues = 20;
    private const int MaxQuoted = 80;

    /// <summary>Values for a list; what is left out is counted.</summary>
    public static IReadOnlyList<string> Show(IEnumerable<string> values)
    {
        string[] all = [.. values];
        List<string> shown = [.. all.Take(MaxValues).Select(static value => Escape(value, MaxLength))];
        if (all.Length > MaxValues)
            shown.Add(string.Create(CultureInfo.InvariantCulture, $"… and {all.Length - MaxValues} more"));
        return shown;
    }

    /// <summary>A value for a sentence.</summary>
    public static string Quote(string value) => $"'{Escape(value, MaxQuoted)}'";

    /// <summary>The first few values for a sentence.</summary>
    public static string Quote(IEnumerable<string> values)
    {
        string[] all = [.. values.Distinct(StringComparer.Ordinal)];
        var shown = string.Join(", ", all.Take(3).Select(static value => Quote(value)));
        return all.Length > 3 ? string.Create(CultureInfo.InvariantCulture, $"{shown} and {all.Length - 3} more") : shown;
    }

    private static string Escape(string value, int length)
    {
        var text = new StringBuilder();
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, length)))
        {
            if (c is >= ' ' and <= '~')
                text.Append(c);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:D3}");
        }
        return value.Length > length ? text.Append('…').ToString() : text.ToString();
    }
}
