using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Identity;

namespace Gatehouse.Api.Resources;

/// <summary>A kind as REST shows it: where it lies and which roles it takes.</summary>
/// <param name="Kind">One of <see cref="ResourceKind"/>.</param>
/// <param name="Plural">Path segment.</param>
/// <param name="Tag">Group in the OpenAPI document.</param>
/// <param name="WriteRole">Least role that creates and changes.</param>
/// <param name="DeleteRole">Least role that deletes.</param>
internal sealed record ResourceType(string Kind, string Plural, string Tag, string WriteRole, string DeleteRole)
{
    public static ResourceType Gateway { get; } = new(ResourceKind.Gateway, "gateways", "Gateways", Role.Admin, Role.Admin);

    public static ResourceType ListenerSet { get; } = new(ResourceKind.ListenerSet, "listenersets", "Gateways", Role.Admin, Role.Admin);

    public static ResourceType HttpRoute { get; } = new(ResourceKind.HttpRoute, "httproutes", "Routes", Role.Editor, Role.Editor);

    public static ResourceType GrpcRoute { get; } = new(ResourceKind.GrpcRoute, "grpcroutes", "Routes", Role.Editor, Role.Editor);

    public static ResourceType TlsRoute { get; } = new(ResourceKind.TlsRoute, "tlsroutes", "Routes", Role.Editor, Role.Editor);

    public static ResourceType TcpRoute { get; } = new(ResourceKind.TcpRoute, "tcproutes", "Routes", Role.Editor, Role.Editor);

    public static ResourceType UdpRoute { get; } = new(ResourceKind.UdpRoute, "udproutes", "Routes", Role.Editor, Role.Editor);

    public static ResourceType BackendTlsPolicy { get; } = new(ResourceKind.BackendTlsPolicy, "backendtlspolicies", "Backends", Role.Admin, Role.Admin);

    public static ResourceType Certificate { get; } = new(ResourceKind.Certificate, "certificates", "Certificates", Role.Admin, Role.Admin);

    /// <summary>Who may sign what is trusted is as weighty as a certificate.</summary>
    public static ResourceType ConfigMap { get; } = new(ResourceKind.ConfigMap, "configmaps", "Certificates", Role.Admin, Role.Admin);

    /// <summary>Comes by import; REST only shows it.</summary>
    public static ResourceType Service { get; } = new(ResourceKind.Service, "services", "Backends", Role.Admin, Role.Admin);

    public static ResourceType ReferenceGrant { get; } = new(ResourceKind.ReferenceGrant, "referencegrants", "Grants", Role.Admin, Role.Admin);

    public static ResourceType Backend { get; } = new(ResourceKind.Backend, "backends", "Backends", Role.Editor, Role.Editor);

    /// <summary>Giving a name up lets others claim it: the owner decides.</summary>
    public static ResourceType Hostname { get; } = new(ResourceKind.Hostname, "hostnames", "Hostnames", Role.Editor, Role.Owner);

    /// <summary>Lies in the tenant <c>platform</c>, where only platform admins write.</summary>
    public static ResourceType GatewayClass { get; } = new(ResourceKind.GatewayClass, "gatewayclasses", "Platform", Role.Admin, Role.Admin);

    /// <summary>Lies in the tenant <c>platform</c>, where only platform admins write.</summary>
    public static ResourceType Cluster { get; } = new(ResourceKind.Cluster, "clusters", "Clusters", Role.Admin, Role.Admin);

    /// <summary>Lies in the tenant <c>platform</c>, where only platform admins write; REST shows it below its cluster.</summary>
    public static ResourceType ClusterNamespace { get; } = new(ResourceKind.ClusterNamespace, "namespaces", "Clusters", Role.Admin, Role.Admin);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResourceType> All { get; } =
    [
        Gateway, ListenerSet, HttpRoute, GrpcRoute, TlsRoute, TcpRoute, UdpRoute, BackendTlsPolicy, Certificate, ConfigMap, Service, ReferenceGrant, Backend,
        Hostname, GatewayClass, Cluster, ClusterNamespace,
    ];

    /// <summary>Whether objects of the kind belong to the platform instead of a tenant.</summary>
    public bool IsPlatform => Kind is ResourceKind.GatewayClass or ResourceKind.Cluster or ResourceKind.ClusterNamespace;

    /// <summary>Path of an object.</summary>
    public string PathOf(string tenant, string name)
    {
        if (Kind == ResourceKind.ClusterNamespace)
        {
            var (cluster, owner) = ClusterNamespaceName.Split(name);
            return $"{Cluster.PathOf(tenant, cluster)}/{Plural}/{Uri.EscapeDataString(owner)}";
        }
        return IsPlatform
            ? $"/api/v1/{Plural}/{Uri.EscapeDataString(name)}"
            : $"/api/v1/tenants/{Uri.EscapeDataString(tenant)}/{Plural}/{Uri.EscapeDataString(name)}";
    }
}
