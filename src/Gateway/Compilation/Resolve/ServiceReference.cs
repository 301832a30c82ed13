using System.Globalization;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Picks what a reference to a Service means: one of its ports, spoken to in the way of the route's kind.</summary>
internal static class ServiceReference
{
    public static (BackendTarget? Target, ReferenceProblem? Problem) Use(BackendModel service, int? port, string speaker)
    {
        var name = $"Service `{service.Key.Name}` of tenant `{service.Key.Tenant}`";
        // "Port is required when the referent is a Kubernetes Service" (https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference).
        if (port is not { } wanted)
            return (null, new ReferenceProblem(Reasons.BackendNotFound, $"name the port of {name}"));
        if (service.PortOf(wanted, speaker) is not { } found)
            return (null, new ReferenceProblem(Reasons.BackendNotFound, $"{name} has no port {wanted}: add it to the Service, or name another"));
        if (found.ProtocolFor(speaker) is not { } protocol)
            return (null, new ReferenceProblem(Reasons.UnsupportedProtocol, $"port {wanted} of {name} speaks {Spoken(found)}, which no {speaker} can send to"));
        var key = string.Create(CultureInfo.InvariantCulture, $"{service.Key.Tenant}/{service.Key.Kind}/{service.Key.Name}:{wanted}");
        return (new BackendTarget(protocol == found.UsualProtocol ? key : $"{key}+{protocol}", service.Key, wanted, protocol), null);
    }

    /// <summary>A Service of a cluster, which is not ours to look up: the cluster tells whether it is there.</summary>
    public static (BackendTarget? Target, ReferenceProblem? Problem) InCluster(ResourceKey service, int? port, string speaker)
    {
        if (port is not { } wanted)
            return (null, new ReferenceProblem(Reasons.BackendNotFound, $"name the port of Service `{service.Name}` of tenant `{service.Tenant}`"));
        var protocol = speaker switch
        {
            ResourceKind.HttpRoute => "http",
            ResourceKind.GrpcRoute => "grpc",
            ResourceKind.UdpRoute => "udp",
            _ => "tcp",
        };
        return (new BackendTarget(string.Create(CultureInfo.InvariantCulture, $"{service.Tenant}/{service.Kind}/{service.Name}:{wanted}"), service, wanted, protocol), null);
    }

    private static string Spoken(ServicePortModel port) =>
        string.IsNullOrEmpty(port.AppProtocol) || port.Protocol != "TCP" ? port.Protocol : $"appProtocol `{port.AppProtocol}`";
}
