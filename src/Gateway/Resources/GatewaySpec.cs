namespace Gatehouse.Gateway.Resources;

/// <summary>Gateway spec, field for field (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec).</summary>
public sealed record GatewaySpec
{
    /// <summary>Name of a GatewayClass.</summary>
    public required string GatewayClassName { get; init; }

    /// <summary>1–64 listeners.</summary>
    public required IReadOnlyList<Listener> Listeners { get; init; }

    /// <summary>At most 16; absent: the data plane's default address.</summary>
    public IReadOnlyList<GatewaySpecAddress>? Addresses { get; init; }

    /// <summary>Metadata for what implements the Gateway.</summary>
    public GatewayInfrastructure? Infrastructure { get; init; }

    /// <summary>Which ListenerSets may attach; default none.</summary>
    public AllowedListeners? AllowedListeners { get; init; }

    /// <summary>TLS settings for the whole Gateway.</summary>
    public GatewayTlsConfig? Tls { get; init; }

    /// <summary>None or All (experimental channel).</summary>
    public string? DefaultScope { get; init; }
}

/// <summary>A listener of a Gateway or ListenerSet.</summary>
public sealed record Listener
{
    /// <summary>Unique in its parent.</summary>
    public required string Name { get; init; }

    /// <summary>Exact or wildcard name; absent: any.</summary>
    public string? Hostname { get; init; }

    /// <summary>1–65535.</summary>
    public required int Port { get; init; }

    /// <summary>HTTP, HTTPS, TLS, TCP, UDP or a domain-prefixed name.</summary>
    public required string Protocol { get; init; }

    /// <summary>TLS settings.</summary>
    public ListenerTlsConfig? Tls { get; init; }

    /// <summary>Which routes may attach; default those of the same tenant.</summary>
    public AllowedRoutes? AllowedRoutes { get; init; }
}

/// <summary>TLS settings of a listener.</summary>
public sealed record ListenerTlsConfig
{
    /// <summary>Terminate (default) or Passthrough.</summary>
    public string? Mode { get; init; }

    /// <summary>At most 64.</summary>
    public IReadOnlyList<SecretObjectReference>? CertificateRefs { get; init; }

    /// <summary>At most 16 implementation-specific options.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

/// <summary>Reference to a Secret, or to a ConfigMap where the field says so.</summary>
public sealed record SecretObjectReference
{
    /// <summary>Default core.</summary>
    public string? Group { get; init; }

    /// <summary>Default Secret.</summary>
    public string? Kind { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Default: the tenant of the referring object.</summary>
    public string? Namespace { get; init; }
}

/// <summary>Which routes may attach to a listener.</summary>
public sealed record AllowedRoutes
{
    /// <summary>Default: from Same.</summary>
    public RouteNamespaces? Namespaces { get; init; }

    /// <summary>At most 8; absent: what the protocol allows.</summary>
    public IReadOnlyList<RouteGroupKind>? Kinds { get; init; }
}

/// <summary>Which tenants' objects are meant.</summary>
public sealed record RouteNamespaces
{
    /// <summary>All, Selector, Same, or None (ListenerSets only).</summary>
    public string? From { get; init; }

    /// <summary>Only with Selector.</summary>
    public LabelSelector? Selector { get; init; }
}

/// <summary>Kubernetes label selector over tenants' labels; all requirements must hold.</summary>
public sealed record LabelSelector
{
    /// <summary>Equal values.</summary>
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    /// <summary>Set-based requirements.</summary>
    public IReadOnlyList<LabelSelectorRequirement>? MatchExpressions { get; init; }
}

/// <summary>One set-based requirement.</summary>
public sealed record LabelSelectorRequirement
{
    /// <summary>Label key.</summary>
    public required string Key { get; init; }

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    public required string Operator { get; init; }

    /// <summary>Values for In and NotIn.</summary>
    public IReadOnlyList<string>? Values { get; init; }
}

/// <summary>Group and kind of a route.</summary>
public sealed record RouteGroupKind
{
    /// <summary>Default <c>gateway.networking.k8s.io</c>.</summary>
    public string? Group { get; init; }

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }
}

/// <summary>A requested address.</summary>
public sealed record GatewaySpecAddress
{
    /// <summary>IPAddress (default), Hostname or a domain-prefixed type.</summary>
    public string? Type { get; init; }

    /// <summary>Empty: the implementation chooses.</summary>
    public string? Value { get; init; }
}

/// <summary>Metadata for what implements the Gateway.</summary>
public sealed record GatewayInfrastructure
{
    /// <summary>At most 8.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>At most 16.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Implementation parameters.</summary>
    public LocalObjectReference? ParametersRef { get; init; }
}

/// <summary>Which ListenerSets may attach.</summary>
public sealed record AllowedListeners
{
    /// <summary>Default None.</summary>
    public RouteNamespaces? Namespaces { get; init; }
}

/// <summary>TLS settings for the whole Gateway (GEP-91, GEP-3155).</summary>
public sealed record GatewayTlsConfig
{
    /// <summary>Towards backends.</summary>
    public GatewayBackendTls? Backend { get; init; }

    /// <summary>Towards clients.</summary>
    public FrontendTlsConfig? Frontend { get; init; }
}

/// <summary>The certificate that the Gateway shows to backends.</summary>
public sealed record GatewayBackendTls
{
    /// <summary>Client certificate.</summary>
    public SecretObjectReference? ClientCertificateRef { get; init; }
}

/// <summary>Client certificate validation.</summary>
public sealed record FrontendTlsConfig
{
    /// <summary>For all HTTPS listeners.</summary>
    public required TlsConfig Default { get; init; }

    /// <summary>At most 64 overrides.</summary>
    public IReadOnlyList<TlsPortConfig>? PerPort { get; init; }
}

/// <summary>Client certificate validation of one port.</summary>
public sealed record TlsPortConfig
{
    /// <summary>Listener port.</summary>
    public required int Port { get; init; }

    /// <summary>Replaces the default.</summary>
    public required TlsConfig Tls { get; init; }
}

/// <summary>Client certificate validation settings.</summary>
public sealed record TlsConfig
{
    /// <summary>Absent: no client certificate is asked for.</summary>
    public FrontendTlsValidation? Validation { get; init; }
}

/// <summary>How client certificates are validated.</summary>
public sealed record FrontendTlsValidation
{
    /// <summary>1–16 ConfigMaps with <c>ca.crt</c>.</summary>
    public required IReadOnlyList<SecretObjectReference> CaCertificateRefs { get; init; }

    /// <summary>AllowValidOnly (default) or AllowInsecureFallback.</summary>
    public string? Mode { get; init; }
}
