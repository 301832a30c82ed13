namespace Gatehouse.Api.Bodies;

/// <summary>Builds JSON Pointers (RFC 6901).</summary>
internal static class Pointer
{
    /// <summary>Longer names are shortened: an error must not echo megabytes.</summary>
    private const int MaxSegment = 320;

    public static string Append(string pointer, string name)
    {
        var segment = name.Length > MaxSegment ? name[..MaxSegment] : name;
        return $"{pointer}/{segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
    }
}
