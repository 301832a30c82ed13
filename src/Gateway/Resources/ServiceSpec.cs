namespace Gatehouse.Gateway.Resources;

/// <summary>
/// An imported Service with its EndpointSlices (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/).
/// Service port → port name → the slice port of that name; <c>targetPort</c> is not needed.
/// </summary>
public sealed record ServiceSpec
{
    /// <summary>ClusterIP, NodePort, LoadBalancer or ExternalName.</summary>
    public string? Type { get; init; }

    /// <summary>Only with ExternalName: a DNS name that traffic goes to at the service port.</summary>
    public string? ExternalName { get; init; }

    /// <summary>Ports; empty for some headless Services.</summary>
    public required IReadOnlyList<ServicePort> Ports { get; init; }

    /// <summary>All slices that name the Service.</summary>
    public required IReadOnlyList<EndpointSlice> EndpointSlices { get; init; }
}

/// <summary>A port of a Service.</summary>
public sealed record ServicePort
{
    /// <summary>Unique in the Service; may be absent if there is only one.</summary>
    public string? Name { get; init; }

    /// <summary>1–65535; what a backendRef names.</summary>
    public required int Port { get; init; }

    /// <summary>TCP (default), UDP or SCTP.</summary>
    public string? Protocol { get; init; }

    /// <summary>For example <c>kubernetes.io/h2c</c>, <c>kubernetes.io/ws</c>, <c>kubernetes.io/wss</c>, <c>https</c>.</summary>
    public string? AppProtocol { get; init; }
}

/// <summary>An EndpointSlice.</summary>
public sealed record EndpointSlice
{
    /// <summary>Object name.</summary>
    public required string Name { get; init; }

    /// <summary>IPv4, IPv6 or FQDN.</summary>
    public string? AddressType { get; init; }

    /// <summary>Ports of all its endpoints, by the Service port's name.</summary>
    public required IReadOnlyList<EndpointSlicePort> Ports { get; init; }

    /// <summary>Endpoints.</summary>
    public required IReadOnlyList<SliceEndpoint> Endpoints { get; init; }
}

/// <summary>A port of an EndpointSlice.</summary>
public sealed record EndpointSlicePort
{
    /// <summary>The Service port's name; absent or empty if that has none.</summary>
    public string? Name { get; init; }

    /// <summary>1–65535; the port at the endpoints.</summary>
    public int? Port { get; init; }

    /// <summary>TCP (default), UDP or SCTP.</summary>
    public string? Protocol { get; init; }

    /// <summary>As in <see cref="ServicePort.AppProtocol"/>.</summary>
    public string? AppProtocol { get; init; }
}

/// <summary>An endpoint of an EndpointSlice.</summary>
public sealed record SliceEndpoint
{
    /// <summary>Addresses of one and the same endpoint; the first is used.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Whether it takes traffic; absent counts as true.</summary>
    public bool? Ready { get; init; }
}
