using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// What connections to a backend depend on. Backends of one tenant with equal options share a client; tenants never share one, so that
/// none can use up another's connections to the same address.
/// </summary>
internal sealed record OutboundOptions(string Tenant, bool IsHttp2, bool IsTls, string? TlsHostname, string? CaPem, string SubjectAltNames, int MaxConnections)
{
    /// <exception cref="MatchTableException">The backend's protocol cannot be forwarded to.</exception>
    public static OutboundOptions Of(BackendEntry entry)
    {
        var (isHttp2, isTls) = entry.Protocol switch
        {
            "http" => (false, false),
            "https" => (false, true),
            "h2c" => (true, false),
            "grpc" => (true, entry.Tls is not null),
            _ => throw new MatchTableException($"protocol {entry.Protocol} is not served by this version"),
        };
        return new OutboundOptions(
            entry.Tenant, isHttp2, isTls, entry.Tls?.Hostname, entry.Tls?.CaPem, string.Join('\n', entry.Tls?.SubjectAltNames ?? []),
            Math.Clamp(entry.MaxConnectionsPerEndpoint, 1, 10_000));
    }
}
