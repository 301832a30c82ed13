namespace Gatehouse.Gateway.Resources;

/// <summary>GRPCRoute spec, field for field (https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutespec).</summary>
public sealed record GrpcRouteSpec
{
    /// <summary>At most 32. Absent: the route attaches to the tenant's Hostnames that intersect.</summary>
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    /// <summary>All or None (default): whether the route attaches to default Gateways (experimental channel, GEP-3793).</summary>
    public string? UseDefaultGateways { get; init; }

    /// <summary>At most 16 exact or wildcard names.</summary>
    public IReadOnlyList<string>? Hostnames { get; init; }

    /// <summary>At most 16 rules; absent means one rule that matches every method.</summary>
    public IReadOnlyList<GrpcRouteRule>? Rules { get; init; }
}

/// <summary>One rule: any of its matches selects it.</summary>
public sealed record GrpcRouteRule
{
    /// <summary>Optional name, unique in the route.</summary>
    public string? Name { get; init; }

    /// <summary>At most 64; absent means every method.</summary>
    public IReadOnlyList<GrpcRouteMatch>? Matches { get; init; }

    /// <summary>At most 16, run in listed order.</summary>
    public IReadOnlyList<GrpcRouteFilter>? Filters { get; init; }

    /// <summary>At most 16.</summary>
    public IReadOnlyList<GrpcBackendRef>? BackendRefs { get; init; }

    /// <summary>Session persistence (experimental channel).</summary>
    public SessionPersistence? SessionPersistence { get; init; }
}

/// <summary>All given fields must match.</summary>
public sealed record GrpcRouteMatch
{
    /// <summary>Absent: every method.</summary>
    public GrpcMethodMatch? Method { get; init; }

    /// <summary>At most 16; names are case-insensitive and only the first of equal names counts.</summary>
    public IReadOnlyList<HttpHeaderMatch>? Headers { get; init; }
}

/// <summary>Method match; <see cref="Service"/> or <see cref="Method"/> is given (https://gateway-api.sigs.k8s.io/reference/spec/#grpcmethodmatch).</summary>
public sealed record GrpcMethodMatch
{
    /// <summary>Exact (default) or RegularExpression.</summary>
    public string? Type { get; init; }

    /// <summary>Full name of the service; absent: any.</summary>
    public string? Service { get; init; }

    /// <summary>Name of the method; absent: any.</summary>
    public string? Method { get; init; }
}

/// <summary>A filter: the field that its <see cref="Type"/> names is set, no other (https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutefilter).</summary>
public sealed record GrpcRouteFilter
{
    /// <summary>RequestHeaderModifier, ResponseHeaderModifier, RequestMirror or ExtensionRef.</summary>
    public required string Type { get; init; }

    /// <summary>Changes request headers.</summary>
    public HttpHeaderFilter? RequestHeaderModifier { get; init; }

    /// <summary>Changes response headers.</summary>
    public HttpHeaderFilter? ResponseHeaderModifier { get; init; }

    /// <summary>Sends a copy elsewhere.</summary>
    public HttpRequestMirrorFilter? RequestMirror { get; init; }

    /// <summary>An implementation's own filter.</summary>
    public LocalObjectReference? ExtensionRef { get; init; }
}
