using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.DataPlane.Hardening;

/// <summary>Headers that concern one connection only (RFC 9110 §7.6.1).</summary>
internal static class HopByHopHeaders
{
    /// <summary>The headers.</summary>
    public static readonly string[] Names =
    [
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "TE",
        "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Alt-Svc", "X-Content-Length",
    ];

    private static readonly FrozenSet<string> Set = Names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Set.Contains(name);

    /// <summary>The headers that a Connection header names and that must not go on; null: none.</summary>
    public static HashSet<string>? NamedBy(StringValues connection)
    {
        if (connection.Count == 0 || (connection.Count == 1 && IsUsual(connection[0])))
            return null;
        HashSet<string>? named = null;
        foreach (var line in connection)
        {
            foreach (var marked in (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var option = ConnectionEncoding.Unmark(marked).ToString();
                if (!IsUsual(option))
                    (named ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(option);
            }
        }
        return named;
    }

    private static bool IsUsual(string? option) =>
        string.Equals(option, "keep-alive", StringComparison.OrdinalIgnoreCase) || string.Equals(option, "close", StringComparison.OrdinalIgnoreCase)
        || string.Equals(option, "upgrade", StringComparison.OrdinalIgnoreCase);
}
