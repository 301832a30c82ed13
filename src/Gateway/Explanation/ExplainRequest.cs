using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Explanation;

/// <summary>A request to explain.</summary>
public sealed record ExplainRequest
{
    private const int HttpPort = 80;

    /// <summary>Method, case-sensitive.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Host header; a port in it does not count.</summary>
    public required string Host { get; init; }

    /// <summary>Listener port, which is not the published one.</summary>
    public int Port { get; init; } = HttpPort;

    /// <summary>IP address that the request comes in by; empty: the data plane's default.</summary>
    public string Address { get; init; } = "";

    /// <summary>Path as sent.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Query as sent, without its question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>Headers by name in lower case; lines of one name joined by a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Tenant that asks: other tenants' routes and listeners are not named. Null: a platform admin, who sees all.</summary>
    public string? Viewer { get; init; }

    /// <summary>Reads method, absolute URL and headers, as <c>curl</c> would take them; a <c>Host</c> header replaces the URL's host.</summary>
    /// <returns>False: the URL is not an absolute http or https URL.</returns>
    public static bool TryCreate(string method, string url, IEnumerable<KeyValuePair<string, string>> headers, [NotNullWhen(true)] out ExplainRequest? request)
    {
        ArgumentNullException.ThrowIfNull(url);
        request = null;
        if (!Uri.TryCreate(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var uri) || uri.Scheme is not ("http" or "https"))
            return false;
        var byName = headers.GroupBy(header => header.Key.ToLowerInvariant(), header => header.Value)
            .ToDictionary(group => group.Key, group => string.Join(",", group), StringComparer.Ordinal);
        var (path, query) = Split(uri.PathAndQuery);
        request = new ExplainRequest
        {
            Method = method,
            Host = byName.TryGetValue("host", out var host) ? host : uri.Host,
            Port = uri.Port,
            Path = path,
            Query = query,
            Headers = byName,
        };
        return true;
    }

    private static (string Path, string Query) Split(string pathAndQuery)
    {
        var target = pathAndQuery.Split('#', 2)[0];
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        return (path.Length == 0 ? "/" : path, mark < 0 ? "" : target[(mark + 1)..]);
    }
}
