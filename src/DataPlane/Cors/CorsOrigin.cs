using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Cors;

/// <summary>
/// An origin that a rule allows. A <c>*</c> at the beginning of the host stands for any number of labels; a port that is not written is
/// the scheme's own (https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter, allowOrigins).
/// </summary>
internal sealed class CorsOrigin
{
    private const string Separator = "://";

    private readonly string _scheme;
    private readonly string _host;
    private readonly int _port;
    private readonly bool _isSuffix;

    /// <exception cref="MatchTableException">It is no origin.</exception>
    public CorsOrigin(string text)
    {
        if (!TryParse(text, out var scheme, out var host, out _port))
            throw new MatchTableException("a CORS origin is neither * nor scheme://host");
        _scheme = scheme.ToString().ToLowerInvariant();
        _isSuffix = host[0] == '*';
        _host = (_isSuffix ? host[1..] : host).ToString();
    }

    /// <summary>Whether an Origin header names it.</summary>
    public bool Fits(ReadOnlySpan<char> origin)
    {
        if (!TryParse(origin, out var scheme, out var host, out var port))
            return false;
        if (port != _port || !scheme.Equals(_scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        return _isSuffix
            ? host.Length > _host.Length && host.EndsWith(_host, StringComparison.OrdinalIgnoreCase)
            : host.Equals(_host, StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParse(ReadOnlySpan<char> text, out ReadOnlySpan<char> scheme, out ReadOnlySpan<char> host, out int port)
    {
        scheme = default;
        host = default;
        port = 0;
        var end = text.IndexOf(Separator);
        if (end <= 0)
            return false;
        scheme = text[..end];
        host = text[(end + Separator.Length)..];
        // The colons inside the brackets of an IPv6 address begin no port.
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && colon > host.LastIndexOf(']'))
        {
            if (!int.TryParse(host[(colon + 1)..], System.Globalization.NumberStyles.None, null, out port))
                return false;
            host = host[..colon];
        }
        else
        {
            port = scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? 443 : 80;
        }
        return host.Length > 0 && !host.ContainsAny('/', '?', '@');
    }
}
