namespace Gatehouse.Gateway.Matching;

/// <summary>Retries (https://gateway-api.sigs.k8s.io/reference/spec/#httprouteretry, GEP-1731). The backend stays, the endpoint changes.</summary>
/// <param name="Attempts">Attempts after the first, ≥ 1.</param>
/// <param name="Codes">Status codes that are tried again, 400–599. A connection that fails is always tried again.</param>
/// <param name="BackoffMs">Least pause between attempts in milliseconds.</param>
public sealed record RetryEntry(int Attempts, IReadOnlyList<int> Codes, long BackoffMs);

/// <summary>Session persistence (GEP-1619): later requests of a session go where its first one went.</summary>
/// <param name="Name">Name of the cookie or header.</param>
/// <param name="Header">Whether it is a header; otherwise a cookie.</param>
/// <param name="AbsoluteTimeoutMs">Milliseconds after which a session ends in any case; null: never.</param>
/// <param name="Permanent">Whether the cookie outlives the browser, until the absolute timeout.</param>
/// <param name="Path">Path of the cookie: the rule's only prefix or exact path, else <c>/</c>.</param>
public sealed record SessionEntry(string Name, bool Header, long? AbsoluteTimeoutMs, bool Permanent, string Path);
