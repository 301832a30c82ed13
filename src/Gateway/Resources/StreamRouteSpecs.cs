namespace Gatehouse.Gateway.Resources;

/// <summary>TLSRoute spec (https://gateway-api.sigs.k8s.io/reference/spec/#tlsroutespec): connections by SNI.</summary>
public sealed record TlsRouteSpec
{
    /// <summary>At most 32. Absent: the route attaches to the tenant's Hostnames that intersect.</summary>
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    /// <summary>All or None (default): whether the route attaches to default Gateways (experimental channel, GEP-3793).</summary>
    public string? UseDefaultGateways { get; init; }

    /// <summary>1–1,024 exact or wildcard names that SNI is compared with.</summary>
    public required IReadOnlyList<string> Hostnames { get; init; }

    /// <summary>Exactly one rule.</summary>
    public required IReadOnlyList<StreamRouteRule> Rules { get; init; }
}

/// <summary>TCPRoute spec (https://gateway-api.sigs.k8s.io/reference/spec/#tcproutespec).</summary>
public sealed record TcpRouteSpec
{
    /// <summary>At most 32.</summary>
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    /// <summary>All or None (default): whether the route attaches to default Gateways (experimental channel, GEP-3793).</summary>
    public string? UseDefaultGateways { get; init; }

    /// <summary>Exactly one rule.</summary>
    public required IReadOnlyList<StreamRouteRule> Rules { get; init; }
}

/// <summary>UDPRoute spec (https://gateway-api.sigs.k8s.io/reference/spec/#udproutespec).</summary>
public sealed record UdpRouteSpec
{
    /// <summary>At most 32.</summary>
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    /// <summary>All or None (default): whether the route attaches to default Gateways (experimental channel, GEP-3793).</summary>
    public string? UseDefaultGateways { get; init; }

    /// <summary>Exactly one rule.</summary>
    public required IReadOnlyList<StreamRouteRule> Rules { get; init; }
}

/// <summary>The rule of a TLSRoute, TCPRoute or UDPRoute.</summary>
public sealed record StreamRouteRule
{
    /// <summary>Optional name.</summary>
    public string? Name { get; init; }

    /// <summary>1–16.</summary>
    public required IReadOnlyList<BackendRef> BackendRefs { get; init; }
}
