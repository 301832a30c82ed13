using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// What connections to a backend depend on. Backends of one tenant with equal options share a client; tenants never share one, so that
/// none can use up another's connections to the same address.
/// </summary>
internal sealed record OutboundOptions(string Tenant, bool IsHttp2, bool IsTls, int MaxConnections)
{
    /// <summary>SNI, and identity unless others are accepted; null: the endpoint's own name.</summary>
    public string? TlsHostname { get; init; }

    /// <summary>Authorities as PEM; null: the system's.</summary>
    public string? CaPem { get; init; }

    /// <summary>DNS names that are accepted as identity, one a line.</summary>
    public string AcceptedNames { get; init; } = "";

    /// <summary>URIs that are accepted as identity, one a line.</summary>
    public string AcceptedUris { get; init; } = "";

    /// <summary>Key of the certificate that is shown; null: none. Connections that show different ones are never shared.</summary>
    public string? ClientCertificate { get; init; }

    /// <exception cref="MatchTableException">The backend's protocol cannot be forwarded to.</exception>
    public static OutboundOptions Of(BackendEntry entry)
    {
        var (isHttp2, isTls) = entry.Protocol switch
        {
            "http" => (false, entry.Tls is not null),
            "https" or "tls" => (false, true),
            // Streams and datagrams go no way through an HTTP client.
            "tcp" or "udp" => (false, entry.Tls is not null),
            "h2c" or "grpc" => (true, entry.Tls is not null),
            _ => throw new MatchTableException($"protocol {entry.Protocol} is not served by this version"),
        };
        return new OutboundOptions(entry.Tenant, isHttp2, isTls, Math.Clamp(entry.MaxConnectionsPerEndpoint, 1, 10_000))
        {
            TlsHostname = entry.Tls?.Hostname,
            CaPem = entry.Tls?.CaPem,
            AcceptedNames = string.Join('\n', entry.Tls?.SubjectAltNames ?? []),
            AcceptedUris = string.Join('\n', entry.Tls?.SubjectAltUris ?? []),
            ClientCertificate = entry.Tls?.ClientCertificate,
        };
    }
}
