using System.Globalization;
using System.Text;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>
/// Text that comes out of a cluster: whoever may write a status there chose it, so it is bounded, and nothing of it can pretend to be
/// another line or turn the direction of what is read.
/// </summary>
internal static class ClusterText
{
    private const int LongestText = 400;
    private const int LongestName = 128;

    /// <summary>One line; null: it says nothing.</summary>
    public static string? Line(string? text) => Clean(text, LongestText) is { Length: > 0 } line ? line : null;

    /// <summary>A name that is put into backticks.</summary>
    public static string Name(string? name) => Clean(name, LongestName).Replace('`', '\'');

    private static string Clean(string? text, int longest)
    {
        var line = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (line.Length >= longest)
                return line.ToString().TrimEnd() + "…";
            if (IsSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                    line.Append(' ');
            }
            else
            {
                line.Append(rune);
            }
        }

        return line.ToString().TrimEnd();
    }

    private static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
