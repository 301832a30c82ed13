namespace Gatehouse.Contracts.Api;

/// <summary>Status of an object: upstream's shape for Gateway API kinds, and a summary in <see cref="Conditions"/> for all kinds.</summary>
public sealed record ObjectStatus
{
    /// <summary>
    /// Accepted, ResolvedRefs, Programmed and Live; Projected where it concerns a cluster, DualRunning where others serve its hostnames there too; Hostname also Verified and CertificateReady, Backend also
    /// Healthy, Certificate also Issued; ExpiresSoon where the end of a certificate is near. Cluster: Accepted, Reachable, GatewayApi, Synced and Held.
    /// </summary>
    public required IReadOnlyList<ObjectCondition> Conditions { get; init; }

    /// <summary>Routes: one entry for each parent.</summary>
    public IReadOnlyList<ParentStatus>? Parents { get; init; }

    /// <summary>BackendTLSPolicies: one entry for each Gateway that the policy takes effect on.</summary>
    public IReadOnlyList<AncestorStatus>? Ancestors { get; init; }

    /// <summary>Gateways and ListenerSets: one entry for each listener.</summary>
    public IReadOnlyList<ListenerStatusView>? Listeners { get; init; }

    /// <summary>Gateways: the addresses that are bound, or that the cluster gave. Hostnames: the addresses in clusters that carry it.</summary>
    public IReadOnlyList<StatusAddress>? Addresses { get; init; }

    /// <summary>Gateways: how many ListenerSets are attached.</summary>
    public int? AttachedListenerSets { get; init; }

    /// <summary>GatewayClasses: upstream's names of the features that are supported.</summary>
    public IReadOnlyList<SupportedFeature>? SupportedFeatures { get; init; }

    /// <summary>Certificates: what the certificate says.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>Certificates: beginning of its validity.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Certificates: end of its validity.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Hostnames: what DNS must say.</summary>
    public HostnameDns? Dns { get; init; }

    /// <summary>Hostnames: how the managed certificate stands.</summary>
    public HostnameIssuance? Issuance { get; init; }

    /// <summary>Backends: health of each endpoint.</summary>
    public IReadOnlyList<EndpointStatus>? Endpoints { get; init; }

    /// <summary>What became of the object in Kubernetes clusters, one entry for each; absent: it concerns none.</summary>
    public IReadOnlyList<ClusterPlace>? Clusters { get; init; }

    /// <summary>Clusters: what the sync worker found and did there.</summary>
    public ClusterStatusView? Cluster { get; init; }
}

/// <summary>A feature of Gateway API.</summary>
/// <param name="Name">Upstream's name, for example <c>HTTPRouteMethodMatching</c>.</param>
public sealed record SupportedFeature(string Name);

/// <summary>A condition as in Kubernetes.</summary>
public sealed record ObjectCondition
{
    /// <summary>For example <c>Accepted</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>CamelCase reason.</summary>
    public required string Reason { get; init; }

    /// <summary>For people: who must do what, and what exactly is missing.</summary>
    public required string Message { get; init; }

    /// <summary>Generation of the object that the condition speaks of.</summary>
    public required long ObservedGeneration { get; init; }

    /// <summary>When the status last changed; absent if that is not known.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }
}

/// <summary>Status of a route at one parent.</summary>
/// <param name="ParentRef">The parent as the route names it, or as Hostnames imply it.</param>
/// <param name="ControllerName">Who writes this entry.</param>
/// <param name="Conditions">Accepted, ResolvedRefs, PartiallyInvalid.</param>
public sealed record ParentStatus(ParentRefView ParentRef, string ControllerName, IReadOnlyList<ObjectCondition> Conditions);

/// <summary>Status of a policy at one ancestor.</summary>
/// <param name="AncestorRef">The Gateway.</param>
/// <param name="ControllerName">Who writes this entry.</param>
/// <param name="Conditions">Accepted, ResolvedRefs.</param>
public sealed record AncestorStatus(ParentRefView AncestorRef, string ControllerName, IReadOnlyList<ObjectCondition> Conditions);

/// <summary>A parent reference.</summary>
public sealed record ParentRefView
{
    /// <summary>API group.</summary>
    public string? Group { get; init; }

    /// <summary>Kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Tenant.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Listener name.</summary>
    public string? SectionName { get; init; }

    /// <summary>Listener port.</summary>
    public int? Port { get; init; }
}

/// <summary>Status of one listener.</summary>
public sealed record ListenerStatusView
{
    /// <summary>Listener name.</summary>
    public required string Name { get; init; }

    /// <summary>Listener port.</summary>
    public int? Port { get; init; }

    /// <summary>Routes that are accepted at this listener.</summary>
    public required int AttachedRoutes { get; init; }

    /// <summary>Kinds that may attach.</summary>
    public required IReadOnlyList<GroupKind> SupportedKinds { get; init; }

    /// <summary>Accepted, Conflicted, ResolvedRefs, Programmed.</summary>
    public required IReadOnlyList<ObjectCondition> Conditions { get; init; }
}

/// <summary>Group and kind.</summary>
/// <param name="Group">API group.</param>
/// <param name="Kind">Kind.</param>
public sealed record GroupKind(string? Group, string Kind);

/// <summary>An address.</summary>
/// <param name="Type">IPAddress or Hostname.</param>
/// <param name="Value">The address.</param>
public sealed record StatusAddress(string? Type, string? Value);

/// <summary>What a certificate says, as TLS tools show it.</summary>
/// <param name="Subject">Distinguished name of whom it is for.</param>
/// <param name="Issuer">Distinguished name of who issued it.</param>
/// <param name="SubjectAltNames">DNS names and IP addresses that it is for.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, hexadecimal.</param>
public sealed record CertificateFacts(string Subject, string Issuer, IReadOnlyList<string> SubjectAltNames, string Fingerprint);

/// <summary>Health of one endpoint, as the connected data planes see it.</summary>
/// <param name="Address"><c>address:port</c>.</param>
/// <param name="Health">healthy, unhealthy or unknown.</param>
/// <param name="Reason">Why it is not healthy.</param>
public sealed record EndpointStatus(string Address, string Health, string? Reason = null);
