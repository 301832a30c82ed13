using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>GRPCRoutes, Services, filters that reference backends, and policies on how those are reached.</summary>
internal sealed partial class RandomWorld
{
    private ResourceUpsert CreateLayer7() => _random.Next(5) switch
    {
        0 => Upsert(ResourceKind.Service, Pick(Tenants), Pick(Names), Service()),
        1 => Upsert(ResourceKind.BackendTlsPolicy, Pick(Tenants), Pick("a", "b", "c"), Policy()),
        2 => Upsert(ResourceKind.Backend, Pick(Tenants), Pick(Names), TlsBackend()),
        _ => Upsert(ResourceKind.GrpcRoute, Pick(Tenants), Pick("a", "b", "c", "d"), GrpcRoute()),
    };

    private ServiceSpec Service() => new()
    {
        Type = _random.Next(8) == 0 ? "ExternalName" : null,
        ExternalName = "api.example.net",
        Ports = _random.Next(8) == 0 ? [] : [new ServicePort { Name = "http", Port = 80, AppProtocol = Pick(null, "kubernetes.io/h2c", "https", "mysql") }, new ServicePort { Name = "dns", Port = Pick(80, 81), Protocol = "UDP" }],
        EndpointSlices = [new EndpointSlice
        {
            Name = "s",
            Ports = [new EndpointSlicePort { Name = "http", Port = _random.Next(9000, 9003) }, new EndpointSlicePort { Name = "dns", Port = 53, Protocol = "UDP" }],
            Endpoints = [new SliceEndpoint { Addresses = ["10.7.0.1"], Ready = Pick<bool?>(true, false, null) }],
        }],
    };

    private BackendTlsPolicySpec Policy() => new()
    {
        TargetRefs = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Maybe()
            ? new PolicyTargetReference { Group = "", Kind = "Service", Name = Pick(Names), SectionName = Pick(null, "http", "other") }
            : new PolicyTargetReference { Group = Pick("gatehouse.dev", "gatehouse.dev", "example.com"), Kind = "Backend", Name = Pick(Names) })],
        Validation = new BackendTlsPolicyValidation
        {
            Hostname = Pick("a.example.com", "b.example.com"),
            CaCertificateRefs = Maybe() ? [new LocalObjectReference("", Pick("ConfigMap", "ConfigMap", "Secret"), Pick(Names)), new LocalObjectReference("", "ConfigMap", Pick(Names))] : null,
            WellKnownCaCertificates = Pick("System", "System", "Other"),
        },
    };

    private BackendSpec TlsBackend() => new()
    {
        Endpoints = [new BackendEndpoint { Address = "10.9.9.9", Port = 9443 }],
        Protocol = Pick("https", "grpc", "tls"),
        Tls = Maybe() ? new BackendTls { CaCertificateRefs = Maybe() ? [new LocalObjectReference("", "ConfigMap", Pick(Names))] : null, ClientCertificateRef = Maybe() ? CertificateRef() : null } : null,
    };

    private GrpcRouteSpec GrpcRoute() => new()
    {
        ParentRefs = _random.Next(3) > 0 ? Parents() : null,
        Hostnames = Maybe() ? [Pick(Hosts)] : null,
        Rules = Maybe() ? [new GrpcRouteRule { Matches = Maybe() ? [GrpcMatch(), GrpcMatch()] : null, BackendRefs = [new GrpcBackendRef { Name = Pick(Names), Port = Pick<int?>(null, 80) }] }] : null,
    };

    private GrpcRouteMatch GrpcMatch() => new()
    {
        Method = new GrpcMethodMatch { Type = Pick(null, "Exact", "RegularExpression"), Service = Pick("a", "a.b", null), Method = Pick("c", "d") },
        Headers = Maybe() ? [new HttpHeaderMatch { Name = "v", Value = "1" }] : null,
    };

    private HttpRouteFilter[]? Filters() => _random.Next(10) switch
    {
        0 or 1 => [new HttpRouteFilter { Type = "RequestRedirect", RequestRedirect = new HttpRequestRedirectFilter { Scheme = "https" } }],
        2 => [new HttpRouteFilter { Type = "RequestMirror", RequestMirror = new HttpRequestMirrorFilter { BackendRef = Reference(), Percent = 50 } }],
        3 => [new HttpRouteFilter { Type = "ExternalAuth", ExternalAuth = new HttpExternalAuthFilter { Protocol = Pick("HTTP", "GRPC"), BackendRef = Reference() } }],
        4 => [new HttpRouteFilter { Type = "ExtensionRef", ExtensionRef = new LocalObjectReference("example.com", "Waf", "w") }],
        _ => null,
    };

    private BackendObjectReference Reference() => new() { Name = Pick(Names), Port = Pick<int?>(null, 80), Namespace = _random.Next(4) == 0 ? Pick(Tenants) : null };
}
