using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>
/// Compiles Services (https://kubernetes.io/docs/concepts/services-networking/service/): a port's endpoints are those of the slice
/// ports of its name.
/// </summary>
internal static class ServiceCompiler
{
    private const string Tcp = "TCP";
    private const string ExternalName = "ExternalName";

    public static BackendModel Resolve(Resource<ServiceSpec> resource) => new()
    {
        Key = resource.Key,
        Protocol = "http",
        Ports = new Dictionary<int, int>(),
        EndpointPorts = [],
        ServicePorts = [.. resource.Spec.Ports.Select(port => new ServicePortModel(port.Port, port.Name ?? "", port.Protocol ?? Tcp, port.AppProtocol))],
        TakesAnyPort = resource.Spec is { Type: ExternalName, Ports.Count: 0 },
        Accepted = Verdict.Accepted,
        ResolvedRefs = Verdict.ResolvedRefs,
    };

    /// <summary>The entry of a Service at one of its ports.</summary>
    public static BackendEntry Compile(Resource<ServiceSpec> resource, BackendModel model, BackendTarget target) => new()
    {
        Key = target.Key,
        Tenant = resource.Key.Tenant,
        Kind = resource.Key.Kind,
        Name = resource.Key.Name,
        Protocol = target.Protocol!,
        Endpoints = EndpointsOf(resource.Spec, target.Port!.Value, target.Protocol == "udp" ? "UDP" : Tcp),
        LoadBalancing = "RoundRobin",
        Tls = TlsOf(model, target),
    };

    // Of https that says no more the system's authorities are asked; gRPC must be told that it is TLS.
    private static BackendTlsEntry? TlsOf(BackendModel model, BackendTarget target) =>
        target.Protocol == "grpc" && model.PortOf(target.Port!.Value, ResourceKind.GrpcRoute) is { IsTls: true } ? new BackendTlsEntry() : null;

    private static EndpointEntry[] EndpointsOf(ServiceSpec spec, int number, string protocol)
    {
        if (spec is { Type: ExternalName, ExternalName: { Length: > 0 } external })
            return [new EndpointEntry(external, number)];
        if (spec.Ports.FirstOrDefault(port => port.Port == number && (port.Protocol ?? Tcp) == protocol) is not { } port)
            return [];
        return [.. spec.EndpointSlices
            .SelectMany(slice => EndpointsOf(slice, port))
            .Distinct()
            .OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Port)];
    }

    // "Clients … must handle nil as ready" (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions); all
    // addresses of an endpoint lead to the same one, so the first will do.
    private static IEnumerable<EndpointEntry> EndpointsOf(EndpointSlice slice, ServicePort wanted) =>
        from port in slice.Ports
        where (port.Name ?? "") == (wanted.Name ?? "") && (port.Protocol ?? Tcp) == (wanted.Protocol ?? Tcp) && port.Port is not null
        from endpoint in slice.Endpoints
        where endpoint.Ready != false && endpoint.Addresses.Count > 0
        select new EndpointEntry(endpoint.Addresses[0], port.Port!.Value);
}
