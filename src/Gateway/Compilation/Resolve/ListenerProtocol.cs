using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Protocols of listeners and the routes that each can carry (https://gateway-api.sigs.k8s.io/reference/spec/#protocoltype).</summary>
internal static class ListenerProtocol
{
    public const string Http = "HTTP";
    public const string Https = "HTTPS";
    public const string Tls = "TLS";
    public const string Tcp = "TCP";
    public const string Udp = "UDP";

    private static readonly IReadOnlyList<RouteGroupKind> RequestKinds = [Kind(ResourceKind.HttpRoute), Kind(ResourceKind.GrpcRoute)];
    private static readonly IReadOnlyList<RouteGroupKind> TlsKinds = [Kind(ResourceKind.TlsRoute)];
    private static readonly IReadOnlyList<RouteGroupKind> TcpKinds = [Kind(ResourceKind.TcpRoute)];
    private static readonly IReadOnlyList<RouteGroupKind> UdpKinds = [Kind(ResourceKind.UdpRoute)];

    /// <summary>"All Core ProtocolType values MUST be treated case-insensitively by implementations"; others are as they are written.</summary>
    public static string Canonical(string protocol) => protocol.ToUpperInvariant() switch
    {
        Http => Http,
        Https => Https,
        Tls => Tls,
        Tcp => Tcp,
        Udp => Udp,
        _ => protocol,
    };

    /// <summary>Route kinds that a listener of a (canonical) protocol can carry.</summary>
    public static IReadOnlyList<RouteGroupKind> KindsOf(string protocol) => protocol switch
    {
        Http or Https => RequestKinds,
        Tls => TlsKinds,
        Tcp => TcpKinds,
        Udp => UdpKinds,
        _ => [],
    };

    private static RouteGroupKind Kind(string kind) => new() { Group = ResourceKind.GatewayApiGroup, Kind = kind };
}
