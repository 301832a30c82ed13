namespace Gatehouse.Dns;

/// <summary>
/// A DNS name as people write it, in its one canonical form: lower case, without trailing dot, labels of letters, digits, <c>-</c> and
/// <c>_</c>, or <c>*</c> as a whole label. A label has at most 63 characters and a name at most 253
/// (<see href="https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4">RFC 1035 2.3.4</see>).
/// </summary>
/// <remarks>
/// Internationalized names are taken in their punycode form (<c>xn--…</c>) alone, as the API does. Gatehouse runs without Unicode tables
/// (invariant globalization), where <see cref="System.Globalization.IdnMapping"/> neither folds case nor composes characters: it turns
/// <c>MÜNCHEN.de</c> into another name than <c>münchen.de</c>. A wrong guess would look after somebody else's name.
/// </remarks>
public sealed record DnsName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 253;

    /// <summary>Longest label, in characters.</summary>
    public const int MaxLabelLength = 63;

    private DnsName(string text) => Text = text;

    /// <summary>The canonical form.</summary>
    public string Text { get; }

    /// <summary>Labels, the leftmost first.</summary>
    public IReadOnlyList<string> Labels => Text.Split('.');

    /// <summary>The name without its leftmost label; null: it has one label only.</summary>
    public DnsName? Parent => Text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? new DnsName(Text[(dot + 1)..]) : null;

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException("This is not a DNS name in ASCII letters, digits, '-' and '_'.");

    /// <summary>Reads a name, with or without a trailing dot; false: it is not one.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (text is null || text.Length > MaxLength + 1)
            return false;
        var bare = text.EndsWith('.') ? text[..^1] : text;
        if (bare.Length is 0 or > MaxLength || !bare.Split('.').All(IsLabel))
            return false;
        name = new DnsName(bare.ToLowerInvariant());
        return true;
    }

    /// <summary>This name and its ancestors, the longest first, down to a number of labels.</summary>
    /// <param name="labels">Labels of the shortest one.</param>
    public IEnumerable<DnsName> WithAncestors(int labels = 1)
    {
        for (var name = this; name is not null && name.Labels.Count >= labels; name = name.Parent)
            yield return name;
    }

    /// <summary>Whether this name is another one or lies below it.</summary>
    public bool IsAtOrBelow(DnsName other) => IsAtOrBelow(Text, other.Text);

    /// <inheritdoc />
    public override string ToString() => Text;

    /// <summary>Whether a canonical name is another one or lies below it.</summary>
    internal static bool IsAtOrBelow(string name, string other) =>
        name == other || other == "." || (name.Length > other.Length && name.EndsWith(other, StringComparison.Ordinal) && name[^(other.Length + 1)] == '.');

    private static bool IsLabel(string label) =>
        label == "*" || (label.Length is > 0 and <= MaxLabelLength && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
