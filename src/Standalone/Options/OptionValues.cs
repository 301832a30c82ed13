using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Gatehouse.Standalone.Options;

/// <summary>Reads the values of options; each method answers null and a reason, in words that say what would be right.</summary>
internal static partial class OptionValues
{
    /// <summary>Loopback, the private ranges of RFC 1918, carrier-grade NAT (RFC 6598) and IPv6's counterparts.</summary>
    public const string PrivateRanges = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,::1/128,fc00::/7";

    /// <summary>A URL to listen on: plain http on an IP address or localhost, with a port and no path.</summary>
    public static Uri? ListenUrl(string text, out string? error)
    {
        error = null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.PathAndQuery == "/" && url.UserInfo.Length == 0 && url.Port > 0
            && (url.Host == "localhost" || IPAddress.TryParse(url.Host.Trim('[', ']'), out _)))
            return url;
        error = $"'{text}' is not a URL to listen on such as http://127.0.0.1:5080 (http, an IP address or localhost, a port, no path)";
        return null;
    }

    public static string? Address(string text, out string? error)
    {
        error = IPAddress.TryParse(text, out _) ? null : $"'{text}' is not an IP address such as 127.0.0.1";
        return error is null ? text : null;
    }

    public static string? Domain(string text, out string? error)
    {
        error = text.Length <= 200 && DomainPattern().IsMatch(text) ? null : $"'{text}' is not a DNS name such as apps.localhost (lower case)";
        return error is null ? text : null;
    }

    public static IReadOnlyList<string>? Ranges(string text, out string? error)
    {
        var ranges = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var wrong = ranges.FirstOrDefault(range => !IPNetwork.TryParse(range, out _));
        error = wrong is null ? null : $"'{wrong}' is not an address range such as 10.0.0.0/8";
        return wrong is null ? ranges : null;
    }

    /// <summary>A number of seconds, minutes or milliseconds; an hour at most.</summary>
    public static TimeSpan? Duration(string text, out string? error)
    {
        error = null;
        var match = DurationPattern().Match(text);
        if (match.Success && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var duration = match.Groups[2].Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(number),
                "m" => TimeSpan.FromMinutes(number),
                _ => TimeSpan.FromSeconds(number),
            };
            if (duration <= TimeSpan.FromHours(1))
                return duration;
        }
        error = $"'{text}' is not a duration such as 60s or 2m (an hour at most)";
        return null;
    }

    public static string? Token(string text, out string? error)
    {
        error = text.Length is >= 16 and <= 256 && text.All(c => c is > ' ' and < '\x7f') ? null : "it must have 16 to 256 printable ASCII characters and no spaces";
        return error is null ? text : null;
    }

    [GeneratedRegex(@"\A([0-9]{1,7})(ms|s|m)\z")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"\A(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\z")]
    private static partial Regex DomainPattern();
}
