namespace Gatehouse.Gateway.Validation;

/// <summary>RFC 6901 pointers (https://www.rfc-editor.org/rfc/rfc6901).</summary>
internal static class JsonPointer
{
    /// <summary>Names beyond this are hostile: a pointer must not echo megabytes.</summary>
    private const int MaxSegment = 320;

    public static string Append(string pointer, string name)
    {
        var segment = SafeText.Shorten(name, MaxSegment);
        return $"{pointer}/{segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
    }

    public static string Append(string pointer, int index) => $"{pointer}/{index}";
}
