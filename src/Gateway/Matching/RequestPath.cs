using System.Buffers;
using System.Text;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// The form of a request path that is matched: unreserved characters are decoded (RFC 3986 §6.2.2.2), everything else stays as
/// it was sent, <c>%2F</c> and <c>//</c> included. What servers read in different ways has no such form and must be refused:
/// a backslash or a dot segment in any encoding, also before a path parameter (<c>..;</c>), and broken percent-encoding.
/// </summary>
public static class RequestPath
{
    private static readonly SearchValues<char> Ordinary = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~/!$&'()*+,;=:@\"<>[]^`{|}");

    /// <summary>Brings a path into the form that is matched.</summary>
    /// <param name="path">Path as sent, without query.</param>
    /// <param name="normal">The form; shares the path's memory unless something had to be decoded.</param>
    /// <returns>False: the path is ambiguous.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> path, out ReadOnlySpan<char> normal)
    {
        normal = path;
        if (path.IsEmpty || path[0] != '/')
            return false;
        if (!path.ContainsAnyExcept(Ordinary))
            return true;
        if (!TryDecodeUnreserved(path, ref normal))
            return false;
        return CharactersAreSound(normal) && !HasDotSegment(normal);
    }

    /// <summary>Brings a path into the form that is matched.</summary>
    /// <returns>Null: the path is ambiguous.</returns>
    public static string? Normalize(string path) =>
        !TryNormalize(path, out var normal) ? null : normal.Length == path.Length ? path : normal.ToString();

    private static bool TryDecodeUnreserved(ReadOnlySpan<char> path, ref ReadOnlySpan<char> normal)
    {
        StringBuilder? decoded = null;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
            {
                decoded?.Append(path[i]);
                continue;
            }
            if (!TryReadOctet(path, i + 1, out var octet))
                return false;
            if (IsUnreserved(octet))
                (decoded ??= new StringBuilder(path.Length).Append(path[..i])).Append((char)octet);
            else
                decoded?.Append(path.Slice(i, 3));
            i += 2;
        }
        if (decoded is not null)
            normal = decoded.ToString();
        return true;
    }

    private static bool CharactersAreSound(ReadOnlySpan<char> path)
    {
        for (var i = 0; i < path.Length;)
        {
            var c = Next(path, ref i, out var encoded);
            // Controls, backslashes, and the octets that only overlong UTF-8 begins with.
            if (c is < 0x20 or 0x7f or '\\' || (encoded ? c is 0xc0 or 0xc1 : c is ' ' or '#' or '?' or > 0x7f))
                return false;
        }
        return true;
    }

    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        var dots = 0;
        var dotsOnly = true;
        for (var i = 1; i < path.Length;)
        {
            var c = Next(path, ref i, out _);
            if (c is '/' or ';')
            {
                if (dotsOnly && dots is 1 or 2)
                    return true;
                dots = 0;
                dotsOnly = c == '/';
            }
            else
            {
                dotsOnly &= c == '.';
                dots = dotsOnly ? dots + 1 : 0;
            }
        }
        return dotsOnly && dots is 1 or 2;
    }

    /// <summary>Reads a character; an encoded percent sign is looked through (<c>%252e</c>), as some servers decode twice.</summary>
    private static int Next(ReadOnlySpan<char> path, ref int at, out bool encoded)
    {
        var c = (int)path[at++];
        encoded = c == '%';
        while (c == '%' && TryReadOctet(path, at, out var octet))
        {
            c = octet;
            at += 2;
        }
        return c;
    }

    private static bool TryReadOctet(ReadOnlySpan<char> text, int at, out int octet)
    {
        octet = 0;
        if (text.Length < at + 2 || !char.IsAsciiHexDigit(text[at]) || !char.IsAsciiHexDigit(text[at + 1]))
            return false;
        octet = (Digit(text[at]) << 4) | Digit(text[at + 1]);
        return true;
    }

    private static int Digit(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    private static bool IsUnreserved(int c) => c < 0x80 && (char.IsAsciiLetterOrDigit((char)c) || c is '-' or '.' or '_' or '~');
}
