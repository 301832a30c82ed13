using System.Globalization;
using System.Text;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Texts that strangers put into DNS, on their way into messages: few, short, and of plain characters.</summary>
internal static class HostileText
{
    private const int MaxLength = 300;
    private const int MaxValues = 20;
    private const int MaxTotal = 2_000;
    private const int MaxQuoted = 80;

    /// <summary>Values for a list; what is left out is counted.</summary>
    public static IReadOnlyList<string> Show(IEnumerable<string> values)
    {
        string[] all = [.. values];
        List<string> shown = [];
        for (var total = 0; shown.Count < Math.Min(all.Length, MaxValues) && total < MaxTotal; total += shown[^1].Length)
            shown.Add(Escape(all[shown.Count], MaxLength));
        if (all.Length > shown.Count)
            shown.Add(string.Create(CultureInfo.InvariantCulture, $"… and {all.Length - shown.Count} more"));
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
        foreach (var c in value)
        {
            if (text.Length >= length)
                return text.Append('…').ToString();
            if (c is >= ' ' and <= '~')
                text.Append(c);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:D3}");
        }
        return text.ToString();
    }
}
