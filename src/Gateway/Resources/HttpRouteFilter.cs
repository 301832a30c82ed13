namespace Gatehouse.Gateway.Resources;

/// <summary>A filter: the field that its <see cref="Type"/> names is set, no other (https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter).</summary>
public sealed record HttpRouteFilter
{
    /// <summary>RequestHeaderModifier, ResponseHeaderModifier, RequestMirror, RequestRedirect, URLRewrite, CORS, ExternalAuth or ExtensionRef.</summary>
    public required string Type { get; init; }

    /// <summary>Changes request headers.</summary>
    public HttpHeaderFilter? RequestHeaderModifier { get; init; }

    /// <summary>Changes response headers.</summary>
    public HttpHeaderFilter? ResponseHeaderModifier { get; init; }

    /// <summary>Sends a copy elsewhere.</summary>
    public HttpRequestMirrorFilter? RequestMirror { get; init; }

    /// <summary>Answers with a redirect.</summary>
    public HttpRequestRedirectFilter? RequestRedirect { get; init; }

    /// <summary>Changes Host or path on the way to the backend.</summary>
    public HttpUrlRewriteFilter? UrlRewrite { get; init; }

    /// <summary>Cross-origin rules.</summary>
    public HttpCorsFilter? Cors { get; init; }

    /// <summary>Asks an authorization service (experimental channel).</summary>
    public HttpExternalAuthFilter? ExternalAuth { get; init; }

    /// <summary>An implementation's own filter.</summary>
    public LocalObjectReference? ExtensionRef { get; init; }
}

/// <summary>Reference to an object of the same tenant.</summary>
/// <param name="Group">API group.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name.</param>
public sealed record LocalObjectReference(string Group, string Kind, string Name);

/// <summary>Name and value of a header.</summary>
/// <param name="Name">RFC 7230 token.</param>
/// <param name="Value">1–4,096 characters.</param>
public sealed record HttpHeader(string Name, string Value);

/// <summary>Header changes; one action per name.</summary>
public sealed record HttpHeaderFilter
{
    /// <summary>Overwrites; at most 16.</summary>
    public IReadOnlyList<HttpHeader>? Set { get; init; }

    /// <summary>Appends; at most 16.</summary>
    public IReadOnlyList<HttpHeader>? Add { get; init; }

    /// <summary>Removes; at most 16.</summary>
    public IReadOnlyList<string>? Remove { get; init; }
}

/// <summary>Redirect; absent parts stay as the request had them.</summary>
public sealed record HttpRequestRedirectFilter
{
    /// <summary>http or https.</summary>
    public string? Scheme { get; init; }

    /// <summary>Precise host name.</summary>
    public string? Hostname { get; init; }

    /// <summary>Path change.</summary>
    public HttpPathModifier? Path { get; init; }

    /// <summary>1–65535.</summary>
    public int? Port { get; init; }

    /// <summary>301, 302 (default), 303, 307 or 308.</summary>
    public int? StatusCode { get; init; }
}

/// <summary>Rewrite of Host or path towards the backend.</summary>
public sealed record HttpUrlRewriteFilter
{
    /// <summary>Precise host name.</summary>
    public string? Hostname { get; init; }

    /// <summary>Path change.</summary>
    public HttpPathModifier? Path { get; init; }
}

/// <summary>Path change: the field that <see cref="Type"/> names is set.</summary>
public sealed record HttpPathModifier
{
    /// <summary>ReplaceFullPath or ReplacePrefixMatch.</summary>
    public required string Type { get; init; }

    /// <summary>At most 1,024 characters.</summary>
    public string? ReplaceFullPath { get; init; }

    /// <summary>At most 1,024 characters; needs exactly one PathPrefix match in the rule.</summary>
    public string? ReplacePrefixMatch { get; init; }
}

/// <summary>Mirror; at most one of <see cref="Percent"/> and <see cref="Fraction"/>, neither means all requests.</summary>
public sealed record HttpRequestMirrorFilter
{
    /// <summary>Where the copy goes.</summary>
    public required BackendObjectReference BackendRef { get; init; }

    /// <summary>0–100.</summary>
    public int? Percent { get; init; }

    /// <summary>Numerator over denominator (default 100).</summary>
    public Fraction? Fraction { get; init; }
}

/// <summary>A fraction.</summary>
public sealed record Fraction
{
    /// <summary>≥ 0 and ≤ denominator.</summary>
    public required int Numerator { get; init; }

    /// <summary>≥ 1; default 100.</summary>
    public int? Denominator { get; init; }
}

/// <summary>CORS.</summary>
public sealed record HttpCorsFilter
{
    /// <summary>At most 64 origins, or <c>*</c> alone.</summary>
    public IReadOnlyList<string>? AllowOrigins { get; init; }

    /// <summary>Whether credentials are allowed.</summary>
    public bool? AllowCredentials { get; init; }

    /// <summary>At most 9 methods, or <c>*</c> alone.</summary>
    public IReadOnlyList<string>? AllowMethods { get; init; }

    /// <summary>At most 64 names, or <c>*</c> alone.</summary>
    public IReadOnlyList<string>? AllowHeaders { get; init; }

    /// <summary>At most 64 names.</summary>
    public IReadOnlyList<string>? ExposeHeaders { get; init; }

    /// <summary>Seconds, ≥ 1; default 5.</summary>
    public int? MaxAge { get; init; }
}

/// <summary>External authorization (GEP-1494).</summary>
public sealed record HttpExternalAuthFilter
{
    /// <summary>HTTP or GRPC.</summary>
    public required string Protocol { get; init; }

    /// <summary>The authorization service.</summary>
    public required BackendObjectReference BackendRef { get; init; }

    /// <summary>Only with GRPC.</summary>
    public GrpcAuthConfig? Grpc { get; init; }

    /// <summary>Only with HTTP.</summary>
    public HttpAuthConfig? Http { get; init; }

    /// <summary>Body forwarding.</summary>
    public ForwardBodyConfig? ForwardBody { get; init; }
}

/// <summary>gRPC authorization settings.</summary>
public sealed record GrpcAuthConfig
{
    /// <summary>At most 64 header names.</summary>
    public IReadOnlyList<string>? AllowedHeaders { get; init; }
}

/// <summary>HTTP authorization settings.</summary>
public sealed record HttpAuthConfig
{
    /// <summary>Prefix of the path of the authorization request.</summary>
    public string? Path { get; init; }

    /// <summary>At most 64 header names.</summary>
    public IReadOnlyList<string>? AllowedHeaders { get; init; }

    /// <summary>At most 64 header names.</summary>
    public IReadOnlyList<string>? AllowedResponseHeaders { get; init; }
}

/// <summary>Body forwarding to the authorization service.</summary>
public sealed record ForwardBodyConfig
{
    /// <summary>Bytes; 0 or absent: no body.</summary>
    public long? MaxSize { get; init; }
}
