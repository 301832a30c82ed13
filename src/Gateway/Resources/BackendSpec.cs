using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Resources;

/// <summary>Where traffic goes when it is not a Kubernetes Service.</summary>
public sealed record BackendSpec
{
    /// <summary>1–256 endpoints.</summary>
    public required IReadOnlyList<BackendEndpoint> Endpoints { get; init; }

    /// <summary>http (default), https, h2c, grpc, tcp, tls or udp. <c>grpc</c> is h2c, or HTTP/2 over TLS when <see cref="Tls"/> is set.</summary>
    public string? Protocol { get; init; }

    /// <summary>Maps a backendRef's port (decimal) to the endpoints' port; at most 64.</summary>
    public IReadOnlyDictionary<string, int>? Ports { get; init; }

    /// <summary>TLS to the endpoints; needs protocol https, grpc or tls.</summary>
    public BackendTls? Tls { get; init; }

    /// <summary>Health checks; absent: a TCP connect tells whether an endpoint can be reached.</summary>
    public BackendHealthChecks? HealthChecks { get; init; }

    /// <summary>RoundRobin (default), LeastRequests, Random or PowerOfTwoChoices.</summary>
    public string? LoadBalancing { get; init; }

    /// <summary>Keeps a client on one endpoint.</summary>
    public BackendAffinity? Affinity { get; init; }

    /// <summary>Bounds on what one backend may take.</summary>
    public BackendLimits? Limits { get; init; }
}

/// <summary>One endpoint.</summary>
public sealed record BackendEndpoint
{
    /// <summary>IP address or DNS name.</summary>
    public required string Address { get; init; }

    /// <summary>1–65535; absent only if every reference's port is mapped by <c>ports</c>.</summary>
    public int? Port { get; init; }

    /// <summary>Share among the backend's endpoints, 0–1,000,000; default 1.</summary>
    public int? Weight { get; init; }
}

/// <summary>TLS to the endpoints; the fields of BackendTLSPolicy's validation, and a client certificate.</summary>
public sealed record BackendTls
{
    /// <summary>SNI, and the identity that is verified unless <see cref="SubjectAltNames"/> are set.</summary>
    public string? Hostname { get; init; }

    /// <summary>At most 8 ConfigMaps with <c>ca.crt</c>; excludes <see cref="WellKnownCaCertificates"/>.</summary>
    public IReadOnlyList<LocalObjectReference>? CaCertificateRefs { get; init; }

    /// <summary>System.</summary>
    [JsonPropertyName("wellKnownCACertificates")]
    public string? WellKnownCaCertificates { get; init; }

    /// <summary>At most 5.</summary>
    public IReadOnlyList<SubjectAltName>? SubjectAltNames { get; init; }

    /// <summary>Certificate that is shown to the endpoints.</summary>
    public SecretObjectReference? ClientCertificateRef { get; init; }
}

/// <summary>An identity to accept.</summary>
public sealed record SubjectAltName
{
    /// <summary>Hostname or URI.</summary>
    public required string Type { get; init; }

    /// <summary>Only with Hostname.</summary>
    public string? Hostname { get; init; }

    /// <summary>Only with URI.</summary>
    public string? Uri { get; init; }
}

/// <summary>Health checks.</summary>
public sealed record BackendHealthChecks
{
    /// <summary>Requests of our own.</summary>
    public ActiveHealthCheck? Active { get; init; }

    /// <summary>Conclusions from traffic.</summary>
    public PassiveHealthCheck? Passive { get; init; }
}

/// <summary>Active health check: GET <see cref="Path"/>; status 200–399 is healthy.</summary>
public sealed record ActiveHealthCheck
{
    /// <summary>Path and query; default <c>/</c>.</summary>
    public string? Path { get; init; }

    /// <summary>GEP-2257 duration between checks, 1s–1h; default 10s.</summary>
    public string? Interval { get; init; }

    /// <summary>GEP-2257 duration, 100ms–1m; default 2s.</summary>
    public string? Timeout { get; init; }

    /// <summary>Failures in a row until unhealthy, 1–10; default 2.</summary>
    public int? UnhealthyThreshold { get; init; }

    /// <summary>Successes in a row until healthy, 1–10; default 1.</summary>
    public int? HealthyThreshold { get; init; }
}

/// <summary>Passive health check.</summary>
public sealed record PassiveHealthCheck
{
    /// <summary>Share of failed requests in percent over the detection window that marks an endpoint unhealthy, 1–100; default 50.</summary>
    public int? FailurePercent { get; init; }

    /// <summary>GEP-2257 duration that an endpoint stays out, 1s–1h; default 10s.</summary>
    public string? ReactivationPeriod { get; init; }
}

/// <summary>Keeps a client on one endpoint by a cookie.</summary>
public sealed record BackendAffinity
{
    /// <summary>Cookie.</summary>
    public required string Type { get; init; }

    /// <summary>Cookie name; default derived from tenant and backend.</summary>
    public string? Name { get; init; }
}

/// <summary>Bounds on what one backend may take.</summary>
public sealed record BackendLimits
{
    /// <summary>Connections per endpoint, 1–10,000; default 256.</summary>
    public int? MaxConnectionsPerEndpoint { get; init; }
}
