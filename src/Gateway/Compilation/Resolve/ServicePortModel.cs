using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A port of a Service as those who reference it see it.</summary>
/// <param name="Port">What a backendRef names.</param>
/// <param name="Name">Name that policies and EndpointSlices know it by; empty if it has none.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="AppProtocol">As written.</param>
internal readonly record struct ServicePortModel(int Port, string Name, string Protocol, string? AppProtocol)
{
    private const string Http = "http";
    private const string Tcp = "TCP";
    private const string Udp = "UDP";

    /// <summary>What a route of this kind speaks to the port (<see cref="Matching.BackendEntry.Protocol"/>); null: it cannot.</summary>
    public string? ProtocolFor(string routeKind) => routeKind switch
    {
        ResourceKind.HttpRoute => Protocol == Tcp ? HttpProtocol : null,
        ResourceKind.GrpcRoute => Protocol == Tcp ? GrpcProtocol : null,
        ResourceKind.UdpRoute => Protocol == Udp ? "udp" : null,
        _ => Protocol == Tcp ? "tcp" : null,
    };

    /// <summary>Whether its endpoints speak TLS as far as the Service itself says so.</summary>
    public bool IsTls => AppProtocol?.ToLowerInvariant() is "https" or "kubernetes.io/wss";

    /// <summary>What most routes speak to it; entries of other protocols need a key of their own.</summary>
    public string UsualProtocol => HttpProtocol ?? "tcp";

    // "kubernetes.io/h2c", "/ws", "/wss" are Kubernetes' standard values (https://gateway-api.sigs.k8s.io/geps/gep-1911/), the others
    // names of the IANA registry, which are compared without regard to case. WebSockets need no protocol of their own.
    private string? HttpProtocol => AppProtocol?.ToLowerInvariant() switch
    {
        null or "" or "http" or "kubernetes.io/ws" => Http,
        "https" or "kubernetes.io/wss" => "https",
        "kubernetes.io/h2c" => "h2c",
        "grpc" => "grpc",
        _ => null,
    };

    // gRPC is HTTP/2 alone, so a port that says nothing better is asked for that.
    private string? GrpcProtocol => AppProtocol?.ToLowerInvariant() is "kubernetes.io/ws" or "kubernetes.io/wss" || HttpProtocol is null ? null : "grpc";
}
