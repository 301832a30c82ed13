namespace Gatehouse.Gateway.Matching;

/// <summary>A backend as the data plane needs it; one for each (Backend, mapped port) that is referenced.</summary>
public sealed record BackendEntry
{
    /// <summary><c>tenant/Kind/name</c>, with <c>:port</c> where a reference's port is mapped.</summary>
    public required string Key { get; init; }

    /// <summary>Tenant that owns the backend.</summary>
    public required string Tenant { get; init; }

    /// <summary>Kind: Backend or Service.</summary>
    public required string Kind { get; init; }

    /// <summary>Object name.</summary>
    public required string Name { get; init; }

    /// <summary>http, https, h2c, grpc, tcp, tls or udp; with <see cref="Tls"/> h2c is HTTP/2 over TLS. WebSockets need no protocol of their own.</summary>
    public required string Protocol { get; init; }

    /// <summary>Endpoints; empty: requests get 503.</summary>
    public required IReadOnlyList<EndpointEntry> Endpoints { get; init; }

    /// <summary>RoundRobin, LeastRequests, Random or PowerOfTwoChoices.</summary>
    public required string LoadBalancing { get; init; }

    /// <summary>Active health check; null: a TCP connect tells whether an endpoint can be reached.</summary>
    public ActiveCheckEntry? ActiveCheck { get; init; }

    /// <summary>Passive health check.</summary>
    public PassiveCheckEntry? PassiveCheck { get; init; }

    /// <summary>Affinity cookie name; null: none.</summary>
    public string? AffinityCookie { get; init; }

    /// <summary>Connections per endpoint.</summary>
    public int MaxConnectionsPerEndpoint { get; init; } = 256;

    /// <summary>TLS towards the endpoints; null: none, or the system's authorities and the endpoint's own name for https.</summary>
    public BackendTlsEntry? Tls { get; init; }
}

/// <summary>An endpoint.</summary>
/// <param name="Address">IP address or DNS name.</param>
/// <param name="Port">Port.</param>
/// <param name="Weight">Share among the endpoints.</param>
public sealed record EndpointEntry(string Address, int Port, int Weight = 1);

/// <summary>Active health check.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="IntervalMs">Milliseconds between checks.</param>
/// <param name="TimeoutMs">Milliseconds.</param>
/// <param name="UnhealthyThreshold">Failures in a row until unhealthy.</param>
/// <param name="HealthyThreshold">Successes in a row until healthy.</param>
public sealed record ActiveCheckEntry(string Path, long IntervalMs, long TimeoutMs, int UnhealthyThreshold, int HealthyThreshold);

/// <summary>Passive health check.</summary>
/// <param name="FailurePercent">Share of failures that marks an endpoint unhealthy.</param>
/// <param name="ReactivationMs">Milliseconds that an endpoint stays out.</param>
public sealed record PassiveCheckEntry(int FailurePercent, long ReactivationMs);

/// <summary>TLS towards the endpoints.</summary>
public sealed record BackendTlsEntry
{
    /// <summary>SNI and identity.</summary>
    public string? Hostname { get; init; }

    /// <summary>Authorities as PEM; null: the system's.</summary>
    public string? CaPem { get; init; }

    /// <summary>DNS names, exact or wildcard, that are accepted as identity instead of <see cref="Hostname"/>.</summary>
    public IReadOnlyList<string> SubjectAltNames { get; init; } = [];

    /// <summary>URIs that are accepted as identity instead of <see cref="Hostname"/>.</summary>
    public IReadOnlyList<string> SubjectAltUris { get; init; } = [];

    /// <summary>Key of the <see cref="CertificateEntry"/> that is shown to the backend; null: none.</summary>
    public string? ClientCertificate { get; init; }
}
