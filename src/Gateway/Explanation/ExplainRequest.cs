using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Gatehouse.Gateway.Explanation;

/// <summary>A request to explain.</summary>
public sealed record ExplainRequest
{
    private static readonly Dictionary<string, int> DefaultPorts = new(StringComparer.Ordinal) { ["http"] = 80, ["https"] = 443, ["tls"] = 443, ["tcp"] = -1, ["udp"] = -1 };

    /// <summary>http, https, or for what is not HTTP: tls, tcp or udp.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Method, case-sensitive.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Host header; a port in it does not count.</summary>
    public required string Host { get; init; }

    /// <summary>Server name that TLS is set up for (https and tls only); null: <see cref="Host"/>, or none if that is an IP address.</summary>
    public string? Sni { get; init; }

    /// <summary>Listener port, which is not the published one.</summary>
    public int Port { get; init; } = 80;

    /// <summary>IP address that the request comes in by; empty: the data plane's default; null: the one address where a listener takes the host.</summary>
    public string? Address { get; init; } = "";

    /// <summary>Path as sent.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Query as sent, without its question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>Headers by name in lower case; lines of one name joined by a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Tenant that asks: other tenants' routes and listeners are not named. Null: a platform admin, who sees all.</summary>
    public string? Viewer { get; init; }

    /// <summary>Whether the answer must be one that gRPC clients read (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).</summary>
    internal bool IsGrpc => Headers.TryGetValue("content-type", out var type) && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    internal bool IsTls => Scheme is "https" or "tls";

    internal bool IsStream => Scheme is "tls" or "tcp" or "udp";

    /// <summary>The name that TLS is set up for; empty: none is sent, as for IP addresses (RFC 6066 §3).</summary>
    internal string ServerName => Sni ?? (IPAddress.TryParse(Host.Split(':')[0], out _) ? "" : Host);

    /// <summary>Reads method, absolute URL and headers, as <c>curl</c> would take them; a <c>Host</c> header replaces the URL's host.</summary>
    /// <returns>False: the URL is not an absolute http, https, tls, tcp or udp URL with a port.</returns>
    public static bool TryCreate(string method, string url, IEnumerable<KeyValuePair<string, string>> headers, [NotNullWhen(true)] out ExplainRequest? request)
    {
        ArgumentNullException.ThrowIfNull(url);
        request = null;
        if (!Uri.TryCreate(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var uri) || !DefaultPorts.TryGetValue(uri.Scheme, out var standard))
            return false;
        var port = uri.Port > 0 ? uri.Port : standard;
        if (port is < 1 or > 65535)
            return false;
        var byName = headers.GroupBy(header => header.Key.ToLowerInvariant(), header => header.Value)
            .ToDictionary(group => group.Key, group => string.Join(",", group), StringComparer.Ordinal);
        var (path, query) = Split(uri.PathAndQuery);
        request = new ExplainRequest
        {
            Scheme = uri.Scheme,
            Method = method,
            Host = byName.TryGetValue("host", out var host) ? host : uri.Host,
            Port = port,
            Address = null,
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
