namespace Gatehouse.Gateway.Resources;

/// <summary>The kinds that Gatehouse stores, by their upstream or own name.</summary>
public static class ResourceKind
{
    /// <summary>gateway.networking.k8s.io GatewayClass.</summary>
    public const string GatewayClass = "GatewayClass";

    /// <summary>gateway.networking.k8s.io Gateway.</summary>
    public const string Gateway = "Gateway";

    /// <summary>gateway.networking.k8s.io ListenerSet.</summary>
    public const string ListenerSet = "ListenerSet";

    /// <summary>gateway.networking.k8s.io HTTPRoute.</summary>
    public const string HttpRoute = "HTTPRoute";

    /// <summary>gateway.networking.k8s.io GRPCRoute.</summary>
    public const string GrpcRoute = "GRPCRoute";

    /// <summary>gateway.networking.k8s.io TLSRoute.</summary>
    public const string TlsRoute = "TLSRoute";

    /// <summary>gateway.networking.k8s.io TCPRoute.</summary>
    public const string TcpRoute = "TCPRoute";

    /// <summary>gateway.networking.k8s.io UDPRoute.</summary>
    public const string UdpRoute = "UDPRoute";

    /// <summary>gateway.networking.k8s.io BackendTLSPolicy.</summary>
    public const string BackendTlsPolicy = "BackendTLSPolicy";

    /// <summary>gateway.networking.k8s.io ReferenceGrant.</summary>
    public const string ReferenceGrant = "ReferenceGrant";

    /// <summary>gatehouse.dev Backend: where traffic goes when it is not a Kubernetes Service.</summary>
    public const string Backend = "Backend";

    /// <summary>gatehouse.dev Hostname: a tenant's claim on a DNS name; its object name is the DNS name.</summary>
    public const string Hostname = "Hostname";

    /// <summary>gatehouse.dev Certificate: what <c>certificateRefs</c> of kind <see cref="Secret"/> resolve to. Its private key is kept apart.</summary>
    public const string Certificate = "Certificate";

    /// <summary>gatehouse.dev Cluster: a Kubernetes cluster that Gateways can run in; lies in the tenant <see cref="PlatformTenant"/>.</summary>
    public const string Cluster = "Cluster";

    /// <summary>gatehouse.dev ClusterNamespace: which Namespace of a cluster is a tenant's; lies in the tenant <see cref="PlatformTenant"/> under the name <c>cluster.tenant</c>.</summary>
    public const string ClusterNamespace = "ClusterNamespace";

    /// <summary>Core Kubernetes Service with its endpoints; comes in by import and is read-only otherwise.</summary>
    public const string Service = "Service";

    /// <summary>Core Kubernetes ConfigMap, of which only <c>ca.crt</c> is kept: what <c>caCertificateRefs</c> resolve to.</summary>
    public const string ConfigMap = "ConfigMap";

    /// <summary>Core Kubernetes Secret: never stored under this name, but what references and grants to a <see cref="Certificate"/> say.</summary>
    public const string Secret = "Secret";

    /// <summary>The API group of upstream's kinds.</summary>
    public const string GatewayApiGroup = "gateway.networking.k8s.io";

    /// <summary>The API group of our own kinds.</summary>
    public const string GatehouseGroup = "gatehouse.dev";

    /// <summary>The controller name of the built-in class and of every class that we serve.</summary>
    public const string ControllerName = "gatehouse.dev/gateway-controller";

    /// <summary>The reserved tenant that owns what is shared.</summary>
    public const string PlatformTenant = "platform";

    /// <summary>Holds the names that were released a short while ago and serves nothing; no tenant can have this name.</summary>
    public const string QuarantineTenant = "~quarantine";

    /// <summary>Returns the API group of a stored kind.</summary>
    public static string GroupOf(string kind) => kind switch
    {
        Backend or Hostname or Certificate or Cluster or ClusterNamespace => GatehouseGroup,
        Service or ConfigMap or Secret => "",
        _ => GatewayApiGroup,
    };
}
