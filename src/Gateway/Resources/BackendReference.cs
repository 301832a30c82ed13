using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Resources;

/// <summary>A reference to an object that takes traffic (https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference).</summary>
public record BackendObjectReference
{
    /// <summary>Empty means core; <c>gatehouse.dev</c> is our Backend.</summary>
    public string? Group { get; init; }

    /// <summary>Absent: the Backend of that name if there is one, else the Service.</summary>
    public string? Kind { get; init; }

    /// <summary>Name of the referent.</summary>
    public required string Name { get; init; }

    /// <summary>Default: the tenant of the referring object.</summary>
    public string? Namespace { get; init; }

    /// <summary>Port of the Service, or a key of a Backend's <c>ports</c>; 1–65535.</summary>
    public int? Port { get; init; }
}

/// <summary>A weighted backend (https://gateway-api.sigs.k8s.io/reference/spec/#backendref).</summary>
public record BackendRef : BackendObjectReference
{
    /// <summary>0–1,000,000; default 1.</summary>
    [JsonPropertyOrder(1)] // after what is inherited, as upstream writes it
    public int? Weight { get; init; }
}

/// <summary>A weighted backend of a GRPCRoute rule (https://gateway-api.sigs.k8s.io/reference/spec/#grpcbackendref).</summary>
public sealed record GrpcBackendRef : BackendRef
{
    /// <summary>Filters that apply only when this backend is chosen.</summary>
    [JsonPropertyOrder(2)]
    public IReadOnlyList<GrpcRouteFilter>? Filters { get; init; }
}

/// <summary>A weighted backend of an HTTPRoute rule (https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref).</summary>
public sealed record HttpBackendRef : BackendRef
{
    /// <summary>Filters that apply only when this backend is chosen.</summary>
    [JsonPropertyOrder(2)]
    public IReadOnlyList<HttpRouteFilter>? Filters { get; init; }
}
