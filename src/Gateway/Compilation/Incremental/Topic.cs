namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>What a compiled object may have read.</summary>
internal enum TopicKind
{
    /// <summary>A GatewayClass by name.</summary>
    Class,

    /// <summary>Whether there is a Cluster of a name.</summary>
    Cluster,

    /// <summary>A Gateway's class, addresses and open ports.</summary>
    Gateway,

    /// <summary>Which Gateways take routes that ask for default Gateways.</summary>
    DefaultGateways,

    /// <summary>The listeners of a Gateway.</summary>
    GatewayListeners,

    /// <summary>The listeners of a ListenerSet.</summary>
    ListenerSetListeners,

    /// <summary>The listeners of a Hostname.</summary>
    HostnameListeners,

    /// <summary>The labels of a tenant.</summary>
    Labels,

    /// <summary>What a Backend is to those who reference it.</summary>
    Backend,

    /// <summary>A Certificate.</summary>
    Certificate,

    /// <summary>The certificates of a tenant that carry a DNS name.</summary>
    CertificateName,

    /// <summary>A ConfigMap.</summary>
    ConfigMap,

    /// <summary>What a Service is to those who reference it.</summary>
    Service,

    /// <summary>What one tenant lets another reference.</summary>
    Grants,
}

/// <summary>A fact that can change, present or absent.</summary>
/// <param name="Kind">Kind of fact.</param>
/// <param name="Scope">Tenant, or empty.</param>
/// <param name="Name">Name in its scope.</param>
internal readonly record struct Topic(TopicKind Kind, string Scope, string Name);
