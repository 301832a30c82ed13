using System.Buffers;

namespace Gatehouse.Gateway.Matching;

/// <summary>Paths that a tenant wants to be sent: to a backend, or to a client in a redirect.</summary>
public static class PathText
{
    /// <summary>Longest path, in characters.</summary>
    public const int MaxLength = 4_096;

    private static readonly SearchValues<char> Unsendable = SearchValues.Create("#\\");

    /// <summary>
    /// Whether a path can be written into a request line or a Location header: visible ASCII from the first slash on. A line break would
    /// start a header of the tenant's own; a fragment and a backslash are read in different ways.
    /// </summary>
    /// <param name="path">Path; an empty one stands for <c>/</c>.</param>
    public static bool IsSendable(string path) =>
        path.Length == 0
        || (path[0] == '/' && path.Length <= MaxLength && !path.AsSpan().ContainsAnyExceptInRange('!', '~') && !path.AsSpan().ContainsAny(Unsendable));
}
