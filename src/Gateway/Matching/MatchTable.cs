using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// What one pool of data planes serves: flat tables keyed by string, so that a change costs what it touches.
/// A request is looked up listener first (by address, port, and SNI or Host), then in that listener's hosts from exact
/// over the longest wildcard to none; the first host entry that has a matching rule wins.
/// </summary>
public sealed record MatchTable
{
    /// <summary>By <see cref="ListenerEntry.Id"/>.</summary>
    public required IReadOnlyDictionary<string, ListenerEntry> Listeners { get; init; }

    /// <summary>By <see cref="HostEntry.Key"/>.</summary>
    public required IReadOnlyDictionary<string, HostEntry> Hosts { get; init; }

    /// <summary>By <see cref="BackendEntry.Key"/>.</summary>
    public required IReadOnlyDictionary<string, BackendEntry> Backends { get; init; }

    /// <summary>By <see cref="CertificateEntry.Key"/>.</summary>
    public IReadOnlyDictionary<string, CertificateEntry> Certificates { get; init; } = new Dictionary<string, CertificateEntry>();

    /// <summary>By <see cref="ChallengeEntry.Key"/>.</summary>
    public IReadOnlyDictionary<string, ChallengeEntry> Challenges { get; init; } = new Dictionary<string, ChallengeEntry>();
}

/// <summary>One listener that accepts connections.</summary>
public sealed record ListenerEntry
{
    /// <summary><c>tenant/Kind/name/section</c> of the Gateway, ListenerSet or Hostname that it comes from.</summary>
    public required string Id { get; init; }

    /// <summary>Tenant that owns the listener.</summary>
    public required string Tenant { get; init; }

    /// <summary><c>tenant/name</c> of the Gateway.</summary>
    public required string Gateway { get; init; }

    /// <summary>IP addresses to bind; empty: the data plane's default address.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Listener port, what clients and backends see; the bound port may differ (<c>--publish</c>).</summary>
    public required int Port { get; init; }

    /// <summary>HTTP, HTTPS, TLS, TCP or UDP.</summary>
    public required string Protocol { get; init; }

    /// <summary>Exact or wildcard name; null: any.</summary>
    public string? Hostname { get; init; }

    /// <summary>Set for HTTPS and TLS.</summary>
    public ListenerTlsEntry? Tls { get; init; }

    /// <summary>HTTP: where all requests are sent to instead of to routes; null: routes decide.</summary>
    public HttpsRedirectEntry? HttpsRedirect { get; init; }

    /// <summary>HTTPS: value of Strict-Transport-Security in all answers (RFC 6797 §6.1); null: what the backend says.</summary>
    public string? Hsts { get; init; }

    /// <summary>Key of the <see cref="CertificateEntry"/> that the Gateway shows to its TLS backends (<c>spec.tls.backend.clientCertificateRef</c>); null: none.</summary>
    public string? BackendClientCertificate { get; init; }
}

/// <summary>A redirect of plain HTTP to HTTPS. It is in force where the other listener is there and has a certificate.</summary>
/// <param name="Listener"><see cref="ListenerEntry.Id"/> of the HTTPS listener of the same name.</param>
/// <param name="Port">Its port.</param>
public sealed record HttpsRedirectEntry(string Listener, int Port);

/// <summary>
/// What one route hostname serves at one listener: for requests the ordered matches, for connections (TLSRoute, TCPRoute) and
/// datagrams (UDPRoute) no match at all, so that the first rule takes everything.
/// </summary>
public sealed record HostEntry
{
    /// <summary><see cref="Listener"/> + <c>|</c> + <see cref="Hostname"/>.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Listener, Hostname);

    /// <summary><see cref="ListenerEntry.Id"/>.</summary>
    public required string Listener { get; init; }

    /// <summary>Exact name, <c>*.suffix</c>, or <c>*</c> for any.</summary>
    public required string Hostname { get; init; }

    /// <summary>The rules that the matches point to.</summary>
    public required IReadOnlyList<CompiledRule> Rules { get; init; }

    /// <summary>In precedence order: the first that matches wins. Empty for connections and datagrams.</summary>
    public required IReadOnlyList<CompiledMatch> Matches { get; init; }

    /// <summary>Key of a host entry.</summary>
    public static string KeyOf(string listener, string hostname) => $"{listener}|{hostname}";
}

/// <summary>One match; absent parts match everything.</summary>
public sealed record CompiledMatch
{
    /// <summary>Index into <see cref="HostEntry.Rules"/>.</summary>
    public required int Rule { get; init; }

    /// <summary>Index of the match in its rule as it was written; 0 for the default match.</summary>
    public int Index { get; init; }

    /// <summary>Exact, PathPrefix or RegularExpression.</summary>
    public required string PathType { get; init; }

    /// <summary>Path; a prefix has no trailing slash unless it is <c>/</c>. Unreserved characters are decoded.</summary>
    public required string Path { get; init; }

    /// <summary>Method, null: any.</summary>
    public string? Method { get; init; }

    /// <summary>Headers that all must match.</summary>
    public IReadOnlyList<ValueMatch>? Headers { get; init; }

    /// <summary>Query parameters that all must match.</summary>
    public IReadOnlyList<ValueMatch>? Query { get; init; }
}

/// <summary>Match of a named value.</summary>
/// <param name="Name">Header name (lower case) or query parameter name.</param>
/// <param name="Value">Value or regular expression.</param>
/// <param name="Regex">Whether <paramref name="Value"/> is a regular expression that must match the whole value.</param>
public sealed record ValueMatch(string Name, string Value, bool Regex = false);

/// <summary>What happens to a request that a match selected.</summary>
public sealed record CompiledRule
{
    /// <summary>Where the rule comes from.</summary>
    public required RuleSource Source { get; init; }

    /// <summary>Actions in the order in which they run.</summary>
    public IReadOnlyList<RuleAction> Actions { get; init; } = [];

    /// <summary>Backends with weights; those that cannot be used answer with their failure status for their share.</summary>
    public IReadOnlyList<WeightedBackend> Backends { get; init; } = [];

    /// <summary>Set: every request is answered with this status (a rule without usable backends, or one that failed to compile).</summary>
    public int? FixedStatus { get; init; }

    /// <summary>Milliseconds for the whole request; null: the data plane's default; 0: none.</summary>
    public long? RequestTimeoutMs { get; init; }

    /// <summary>Milliseconds for one attempt; null: the data plane's default; 0: none.</summary>
    public long? BackendRequestTimeoutMs { get; init; }

    /// <summary>Retries; null: none.</summary>
    public RetryEntry? Retry { get; init; }

    /// <summary>Session persistence; null: none. Beats weights, even weight 0.</summary>
    public SessionEntry? Session { get; init; }
}

/// <summary>The route rule that a compiled rule comes from.</summary>
/// <param name="Kind">Route kind.</param>
/// <param name="Tenant">Tenant of the route.</param>
/// <param name="Name">Route name.</param>
/// <param name="Rule">Rule index from 0.</param>
/// <param name="RuleName">Rule name, if it has one.</param>
public sealed record RuleSource(string Kind, string Tenant, string Name, int Rule, string? RuleName = null);

/// <summary>A backend with its share of a rule's traffic.</summary>
public sealed record WeightedBackend
{
    /// <summary><see cref="BackendEntry.Key"/>; null: the reference is invalid and its share gets <see cref="FailureStatus"/>.</summary>
    public string? Backend { get; init; }

    /// <summary>0–1,000,000.</summary>
    public required int Weight { get; init; }

    /// <summary>500 for an invalid reference (https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref).</summary>
    public int? FailureStatus { get; init; }

    /// <summary>Actions that run only when this backend is chosen.</summary>
    public IReadOnlyList<RuleAction> Actions { get; init; } = [];
}
