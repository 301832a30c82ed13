namespace Gatehouse.Gateway.Resources;

/// <summary>GatewayClass spec: upstream's fields, and where Gateways of the class run.</summary>
public sealed record GatewayClassSpec
{
    /// <summary>Domain-prefixed; only <see cref="ResourceKind.ControllerName"/> is served by us. Immutable.</summary>
    public required string ControllerName { get; init; }

    /// <summary>At most 64 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Implementation parameters.</summary>
    public ParametersReference? ParametersRef { get; init; }

    /// <summary>Absent: the default data-plane pool.</summary>
    public GatewayClassTarget? Target { get; init; }

    /// <summary>What tenants may open with Gateways of their own; absent: nothing.</summary>
    public TenantGateways? TenantGateways { get; init; }
}

/// <summary>Implementation parameters of a class.</summary>
/// <param name="Group">API group.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name.</param>
/// <param name="Namespace">Namespace, if the kind has one.</param>
public sealed record ParametersReference(string Group, string Kind, string Name, string? Namespace = null);

/// <summary>Where Gateways of a class run.</summary>
public sealed record GatewayClassTarget
{
    /// <summary>DataPlane (default) or Kubernetes.</summary>
    public string? Type { get; init; }

    /// <summary>Data-plane pool; default <c>default</c>.</summary>
    public string? Pool { get; init; }

    /// <summary>Kubernetes cluster.</summary>
    public string? Cluster { get; init; }

    /// <summary>The class's name in that cluster.</summary>
    public string? GatewayClassName { get; init; }

    /// <summary>Shared (default) or Dedicated.</summary>
    public string? Placement { get; init; }

    /// <summary>Namespace of shared Gateways in the cluster.</summary>
    public string? GatewayNamespace { get; init; }

    /// <summary>Listener port → port that the controller listens on.</summary>
    public IReadOnlyDictionary<string, int>? ListenerPorts { get; init; }

    /// <summary>Repair or Report: what becomes of what others change in the objects of this class; absent: what the cluster says.</summary>
    public string? Drift { get; init; }

    /// <summary>Annotations for the cluster's other controllers, such as external-dns.</summary>
    public TargetAnnotations? Annotations { get; init; }

    /// <summary>
    /// The cluster's cert-manager issues and renews the certificates of Hostnames that have no uploaded one; absent: they are issued here, and
    /// become Secrets there.
    /// </summary>
    public CertManagerIssuer? CertManager { get; init; }
}

/// <summary>An issuer of cert-manager (https://cert-manager.io/docs/usage/gateway/).</summary>
public sealed record CertManagerIssuer
{
    /// <summary>Its name.</summary>
    public required string Issuer { get; init; }

    /// <summary>ClusterIssuer (default), Issuer (one in each Namespace that has Gateways or ListenerSets), or an external issuer's kind.</summary>
    public string? Kind { get; init; }

    /// <summary>API group of an external issuer's kind; default <c>cert-manager.io</c>.</summary>
    public string? Group { get; init; }
}

/// <summary>Annotations that the objects of a class get in their cluster.</summary>
public sealed record TargetAnnotations
{
    /// <summary>Of Gateways and ListenerSets.</summary>
    public IReadOnlyDictionary<string, string>? Gateways { get; init; }

    /// <summary>Of routes.</summary>
    public IReadOnlyDictionary<string, string>? Routes { get; init; }
}

/// <summary>What tenants may open with Gateways of their own.</summary>
public sealed record TenantGateways
{
    /// <summary>Listener ports.</summary>
    public IReadOnlyList<int>? Ports { get; init; }

    /// <summary>Addresses or CIDR ranges.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }
}
