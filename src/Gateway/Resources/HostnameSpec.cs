namespace Gatehouse.Gateway.Resources;

/// <summary>A tenant's claim on a DNS name; the object's name is the name (exact or <c>*.</c>).</summary>
public sealed record HostnameSpec
{
    /// <summary>Gateways that serve the name; absent: the tenant's Gateway <c>default</c>, else <c>platform/default</c>.</summary>
    public IReadOnlyList<GatewayReference>? Gateways { get; init; }
}

/// <summary>Reference to a Gateway.</summary>
public sealed record GatewayReference
{
    /// <summary>Default: the tenant of the referring object.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }
}

/// <summary>How a claim stands in the ledger that arbitrates names between tenants.</summary>
public enum ClaimState
{
    /// <summary>Not proven yet: serves nothing.</summary>
    Pending,

    /// <summary>Proven, or no proof is asked for.</summary>
    Verified,

    /// <summary>Another tenant holds the name.</summary>
    Lost,
}

/// <summary>A claim in the ledger.</summary>
/// <param name="Hostname">Exact or wildcard name, lower case.</param>
/// <param name="Tenant">Who claims.</param>
/// <param name="State">How it stands.</param>
public sealed record HostnameClaim(string Hostname, string Tenant, ClaimState State);
