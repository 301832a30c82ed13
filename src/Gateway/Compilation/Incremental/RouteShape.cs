using Gatehouse.Gateway.Compilation.Normalize;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>What the passes need of a route, whatever its kind. One line for each kind: <see cref="Of"/>.</summary>
/// <param name="ParentRefs">As written.</param>
/// <param name="Hostnames">As written; null: every name, or a kind that has none.</param>
/// <param name="AttachesByHostname">Whether a route without parentRefs attaches to its tenant's Hostnames.</param>
/// <param name="DefaultGateways">As written: All, None or absent.</param>
/// <param name="CompileRules">Compiles its rules.</param>
internal sealed record RouteShape(
    IReadOnlyList<ParentReference>? ParentRefs, IReadOnlyList<string>? Hostnames, bool AttachesByHostname, string? DefaultGateways, Func<Reads, CompiledRules> CompileRules)
{
    public static RouteShape Of(Resource route) => route switch
    {
        Resource<HttpRouteSpec> http => new(http.Spec.ParentRefs, http.Spec.Hostnames, true, http.Spec.UseDefaultGateways, reads => HttpRules.Compile(http, reads)),
        Resource<GrpcRouteSpec> grpc => new(grpc.Spec.ParentRefs, grpc.Spec.Hostnames, true, grpc.Spec.UseDefaultGateways, reads => GrpcRules.Compile(grpc, reads)),
        Resource<TlsRouteSpec> tls => new(tls.Spec.ParentRefs, tls.Spec.Hostnames, true, tls.Spec.UseDefaultGateways, reads => StreamRules.Compile(tls.Key, tls.Spec.Rules, reads)),
        Resource<TcpRouteSpec> tcp => new(tcp.Spec.ParentRefs, null, false, tcp.Spec.UseDefaultGateways, reads => StreamRules.Compile(tcp.Key, tcp.Spec.Rules, reads)),
        Resource<UdpRouteSpec> udp => new(udp.Spec.ParentRefs, null, false, udp.Spec.UseDefaultGateways, reads => StreamRules.Compile(udp.Key, udp.Spec.Rules, reads)),
        _ => throw new ArgumentException($"{route.Key} is no route.", nameof(route)),
    };
}
