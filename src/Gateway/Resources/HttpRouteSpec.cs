namespace Gatehouse.Gateway.Resources;

/// <summary>HTTPRoute spec, field for field (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec).</summary>
public sealed record HttpRouteSpec
{
    /// <summary>At most 32. Absent: the route attaches to the tenant's Hostnames that intersect.</summary>
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    /// <summary>All or None (default): whether the route attaches to default Gateways (experimental channel, GEP-3793).</summary>
    public string? UseDefaultGateways { get; init; }

    /// <summary>At most 16 exact or wildcard names.</summary>
    public IReadOnlyList<string>? Hostnames { get; init; }

    /// <summary>1–16 rules; absent means one rule that matches every path.</summary>
    public IReadOnlyList<HttpRouteRule>? Rules { get; init; }
}

/// <summary>One rule: any of its matches selects it.</summary>
public sealed record HttpRouteRule
{
    /// <summary>Optional name, unique in the route.</summary>
    public string? Name { get; init; }

    /// <summary>At most 64; absent means PathPrefix <c>/</c>.</summary>
    public IReadOnlyList<HttpRouteMatch>? Matches { get; init; }

    /// <summary>At most 16, run in listed order.</summary>
    public IReadOnlyList<HttpRouteFilter>? Filters { get; init; }

    /// <summary>At most 16.</summary>
    public IReadOnlyList<HttpBackendRef>? BackendRefs { get; init; }

    /// <summary>Time limits.</summary>
    public HttpRouteTimeouts? Timeouts { get; init; }

    /// <summary>Retries (experimental channel).</summary>
    public HttpRouteRetry? Retry { get; init; }

    /// <summary>Session persistence (experimental channel).</summary>
    public SessionPersistence? SessionPersistence { get; init; }
}

/// <summary>All given fields must match.</summary>
public sealed record HttpRouteMatch
{
    /// <summary>Default PathPrefix <c>/</c>.</summary>
    public HttpPathMatch? Path { get; init; }

    /// <summary>At most 16; names are case-insensitive and only the first of equal names counts.</summary>
    public IReadOnlyList<HttpHeaderMatch>? Headers { get; init; }

    /// <summary>At most 16; names are exact and only the first of equal names counts.</summary>
    public IReadOnlyList<HttpQueryParamMatch>? QueryParams { get; init; }

    /// <summary>GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE or PATCH.</summary>
    public string? Method { get; init; }
}

/// <summary>Path match.</summary>
public sealed record HttpPathMatch
{
    /// <summary>Exact, PathPrefix (default) or RegularExpression.</summary>
    public string? Type { get; init; }

    /// <summary>Default <c>/</c>; at most 1,024 characters.</summary>
    public string? Value { get; init; }
}

/// <summary>Header match.</summary>
public sealed record HttpHeaderMatch
{
    /// <summary>Exact (default) or RegularExpression.</summary>
    public string? Type { get; init; }

    /// <summary>Header name, case-insensitive.</summary>
    public required string Name { get; init; }

    /// <summary>1–4,096 characters.</summary>
    public required string Value { get; init; }
}

/// <summary>Query parameter match on the first value of that name.</summary>
public sealed record HttpQueryParamMatch
{
    /// <summary>Exact (default) or RegularExpression.</summary>
    public string? Type { get; init; }

    /// <summary>Parameter name, exact.</summary>
    public required string Name { get; init; }

    /// <summary>1–1,024 characters.</summary>
    public required string Value { get; init; }
}

/// <summary>Time limits as GEP-2257 durations; <c>0s</c> switches a limit off.</summary>
public sealed record HttpRouteTimeouts
{
    /// <summary>From the request's arrival to its answer, all attempts included.</summary>
    public string? Request { get; init; }

    /// <summary>One attempt; not above <see cref="Request"/>.</summary>
    public string? BackendRequest { get; init; }
}

/// <summary>Retries.</summary>
public sealed record HttpRouteRetry
{
    /// <summary>Status codes 400–599 that are tried again.</summary>
    public IReadOnlyList<int>? Codes { get; init; }

    /// <summary>Attempts after the first.</summary>
    public long? Attempts { get; init; }

    /// <summary>Least pause between attempts, a GEP-2257 duration.</summary>
    public string? Backoff { get; init; }
}

/// <summary>Session persistence (GEP-1619).</summary>
public sealed record SessionPersistence
{
    /// <summary>Name of the cookie or header, at most 128 characters.</summary>
    public string? SessionName { get; init; }

    /// <summary>GEP-2257 duration after which a session ends in any case.</summary>
    public string? AbsoluteTimeout { get; init; }

    /// <summary>Cookie (default) or Header.</summary>
    public string? Type { get; init; }

    /// <summary>Only with <c>Cookie</c>.</summary>
    public CookieConfig? CookieConfig { get; init; }
}

/// <summary>Cookie settings of session persistence.</summary>
public sealed record CookieConfig
{
    /// <summary>Session (default) or Permanent (needs an absolute timeout).</summary>
    public string? LifetimeType { get; init; }
}
