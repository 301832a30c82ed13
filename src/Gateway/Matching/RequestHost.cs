using System.Buffers;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// The name in a Host header or <c>:authority</c>: the port is ignored for matching
/// (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec), letters are lower case, a final dot is dropped. What is not a
/// plain name or address with an optional port has no such form and must be refused.
/// </summary>
public static class RequestHost
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> Lower = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");
    private static readonly SearchValues<char> Names = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    private static readonly SearchValues<char> Addresses = SearchValues.Create("abcdefABCDEF0123456789:.");

    /// <summary>Reads the name.</summary>
    /// <param name="header">Header as sent.</param>
    /// <param name="host">The name; shares the header's memory unless letters had to be lowered.</param>
    /// <returns>False: the header is empty or ambiguous.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> header, out ReadOnlySpan<char> host)
    {
        host = default;
        if (header.IsEmpty)
            return false;
        var end = header[0] == '[' ? header.IndexOf(']') + 1 : header.IndexOf(':');
        if (end < 0)
            end = header.Length;
        if (end == 0 || !IsPort(header[end..]))
            return false;
        host = header[..end];
        return host[0] == '[' ? host.Length > 2 && !host[1..^1].ContainsAnyExcept(Addresses) && TryLower(ref host) : TryName(ref host);
    }

    private static bool TryName(ref ReadOnlySpan<char> host)
    {
        if (host[^1] == '.')
            host = host[..^1];
        if (host.Length is 0 or > MaxLength || host.ContainsAnyExcept(Names))
            return false;
        for (var rest = host; ;)
        {
            var dot = rest.IndexOf('.');
            if ((dot < 0 ? rest.Length : dot) is 0 or > MaxLabel)
                return false;
            if (dot < 0)
                return TryLower(ref host);
            rest = rest[(dot + 1)..];
        }
    }

    private static bool TryLower(ref ReadOnlySpan<char> host)
    {
        if (host[0] == '[' || host.ContainsAnyExcept(Lower))
            host = host.ToString().ToLowerInvariant();
        return true;
    }

    private static bool IsPort(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return true;
        return text[0] == ':' && text.Length is > 1 and <= 6 && !text[1..].ContainsAnyExceptInRange('0', '9') && int.Parse(text[1..], provider: null) <= 65535;
    }
}
