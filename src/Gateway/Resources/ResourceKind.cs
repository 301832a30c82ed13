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

    /// <summary>gateway.networking.k8s.io ReferenceGrant.</summary>
    public const string ReferenceGrant = "ReferenceGrant";

    /// <summary>gatehouse.dev Backend: where traffic goes when it is not a Kubernetes Service.</summary>
    public const string Backend = "Backend";

    /// <summary>gatehouse.dev Hostname: a tenant's claim on a DNS name; its object name is the DNS name.</summary>
    public const string Hostname = "Hostname";

    /// <summary>Core Kubernetes Service, known by reference only.</summary>
    public const string Service = "Service";

    /// <summary>The API group of upstream's kinds.</summary>
    public const string GatewayApiGroup = "gateway.networking.k8s.io";

    /// <summary>The API group of our own kinds.</summary>
    public const string GatehouseGroup = "gatehouse.dev";

    /// <summary>The controller name of the built-in class and of every class that we serve.</summary>
    public const string ControllerName = "gatehouse.dev/gateway-controller";

    /// <summary>The reserved tenant that owns what is shared.</summary>
    public const string PlatformTenant = "platform";

    /// <summary>Returns the API group of a stored kind.</summary>
    public static string GroupOf(string kind) => kind is Backend or Hostname ? GatehouseGroup : kind is Service ? "" : GatewayApiGroup;
}
