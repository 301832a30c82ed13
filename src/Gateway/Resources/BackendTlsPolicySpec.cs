using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Resources;

/// <summary>BackendTLSPolicy spec (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyspec): how connections to its targets are secured.</summary>
public sealed record BackendTlsPolicySpec
{
    /// <summary>1–16 targets of the same tenant.</summary>
    public required IReadOnlyList<PolicyTargetReference> TargetRefs { get; init; }

    /// <summary>What the backend must prove.</summary>
    public required BackendTlsPolicyValidation Validation { get; init; }

    /// <summary>At most 16 implementation-specific options.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

/// <summary>An object that a policy applies to, or one section of it.</summary>
public sealed record PolicyTargetReference
{
    /// <summary>API group.</summary>
    public required string Group { get; init; }

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Of a Service: the name of one port. Absent: the whole object.</summary>
    public string? SectionName { get; init; }
}

/// <summary>What the backend must prove; exactly one of <see cref="CaCertificateRefs"/> and <see cref="WellKnownCaCertificates"/>.</summary>
public sealed record BackendTlsPolicyValidation
{
    /// <summary>At most 8 objects with authorities: ConfigMaps with <c>ca.crt</c>.</summary>
    public IReadOnlyList<LocalObjectReference>? CaCertificateRefs { get; init; }

    /// <summary><c>System</c>: the authorities of the data plane's system.</summary>
    [JsonPropertyName("wellKnownCACertificates")]
    public string? WellKnownCaCertificates { get; init; }

    /// <summary>SNI, and the identity to expect unless <see cref="SubjectAltNames"/> are given.</summary>
    public required string Hostname { get; init; }

    /// <summary>At most 5 identities, one of which must be in the certificate.</summary>
    public IReadOnlyList<SubjectAltName>? SubjectAltNames { get; init; }
}
