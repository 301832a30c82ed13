using Gatehouse.Gateway.Projection;

namespace Gatehouse.Sync.Observing;

/// <summary>Kinds that objects of ours may have.</summary>
internal static class WatchKinds
{
    public const string GatewayGroup = "gateway.networking.k8s.io";

    /// <summary>Kinds of Kubernetes itself.</summary>
    public static IReadOnlyList<(string ApiVersion, string Kind)> Core { get; } =
        [("v1", "Namespace"), ("v1", "Secret"), ("v1", "ConfigMap"), ("v1", "Service"), ("discovery.k8s.io/v1", "EndpointSlice")];

    /// <summary>Kinds of Gateway API.</summary>
    public static IReadOnlyList<string> Gateway { get; } =
        ["Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ReferenceGrant", "BackendTLSPolicy"];

    public static string SelectorOf(Guid cluster) => $"{ObjectMarks.ManagedBy}={ObjectMarks.FieldManager},{ObjectMarks.Owner}={cluster}";
}
