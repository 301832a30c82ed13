using System.Globalization;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Picks what a reference to a Backend means: its endpoints' own ports, or the port that it maps.</summary>
internal static class OwnBackendReference
{
    public static (BackendTarget? Target, ReferenceProblem? Problem) Use(BackendModel backend, int? port, string speaker)
    {
        var name = $"Backend `{backend.Key.Name}` of tenant `{backend.Key.Tenant}`";
        if (backend.Problem is { } problem)
            return (null, new ReferenceProblem(problem.Reason == Reasons.Invalid ? Reasons.BackendNotFound : problem.Reason, $"{name} cannot be used: {problem.Message}"));
        if (ProtocolFor(speaker, backend.Protocol) is not { } protocol)
            return (null, new ReferenceProblem(Reasons.UnsupportedProtocol, $"{name} speaks {backend.Protocol}, which no {speaker} can send to"));
        var key = $"{backend.Key.Tenant}/{backend.Key.Kind}/{backend.Key.Name}";
        var suffix = protocol == backend.Protocol ? "" : $"+{protocol}";
        if (port is { } wanted && backend.Ports.TryGetValue(wanted, out var mapped))
            return (new BackendTarget($"{key}:{wanted.ToString(CultureInfo.InvariantCulture)}{suffix}", backend.Key, mapped, protocol), null);
        if (backend.EndpointPorts.Contains(0))
            return (null, new ReferenceProblem(Reasons.BackendNotFound, $"{name} has endpoints without port: name a port that its ports map"));
        if (port is null || backend.EndpointPorts.All(endpoint => endpoint == port))
            return (new BackendTarget(key + suffix, backend.Key, null, protocol), null);
        return (null, new ReferenceProblem(Reasons.BackendNotFound, $"{name} has no port {port}: map it in spec.ports, or leave the port out"));
    }

    // gRPC is HTTP/2 alone, so a Backend that says http (the default) is asked for that. Streams carry whatever the endpoints speak.
    private static string? ProtocolFor(string speaker, string protocol) => speaker switch
    {
        ResourceKind.HttpRoute => protocol is "tcp" or "tls" or "udp" ? null : protocol,
        ResourceKind.GrpcRoute => protocol switch
        {
            "tcp" or "tls" or "udp" => null,
            "http" or "https" => "grpc",
            _ => protocol,
        },
        ResourceKind.UdpRoute => protocol == "udp" ? protocol : null,
        _ => protocol switch
        {
            "udp" => null,
            "tls" => protocol,
            _ => "tcp",
        },
    };
}
