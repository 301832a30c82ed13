namespace Gatehouse.Standalone.Manifests;

/// <summary>Prints what others wrote.</summary>
internal static class Printing
{
    /// <summary>The text without anything that steers a terminal or begins a line.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) || c is >= '\u200b' and <= '\u202e' or >= '\u2066' and <= '\u2069' ? '?' : c));
}
