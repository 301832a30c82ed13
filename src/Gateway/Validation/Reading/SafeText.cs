using System.Globalization;
using System.Text;

namespace Gatehouse.Gateway.Validation.Reading;

/// <summary>Texts of users in messages: shortened, and with nothing in them that changes how a terminal, log or page shows the rest.</summary>
internal static class SafeText
{
    public const string NotStorable = "Remove the character U+0000 and unpaired surrogates: they cannot be stored.";

    private const int MaxQuoted = 64;

    /// <summary>In single quotes, at most 64 characters.</summary>
    public static string Quote(string text)
    {
        var builder = new StringBuilder(MaxQuoted + 8).Append('\'');
        var shown = Shorten(text, MaxQuoted);
        foreach (var rune in shown.EnumerateRunes())
        {
            if (IsPlain(rune))
                builder.Append(rune.ToString());
            else
                builder.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
        return builder.Append(shown.Length < text.Length ? "…'" : "'").ToString();
    }

    /// <summary>The first characters, never half of a surrogate pair.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length <= length)
            return text;
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    /// <summary>Whether JSON documents in Postgres can hold the text.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == 0 || Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return false;
            text = text[consumed..];
        }
        return true;
    }

    /// <summary>Length in Unicode code points, which is what JSON schema counts.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        foreach (var c in text)
        {
            if (char.IsLowSurrogate(c))
                length--;
        }
        return length;
    }

    private static bool IsPlain(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
