using System.Text.Json;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>How a Gateway stands with its class.</summary>
internal enum GatewayState
{
    /// <summary>Its listeners can serve.</summary>
    Served,

    /// <summary>Its class is missing or not accepted.</summary>
    Waiting,

    /// <summary>Another controller's: nothing is said of it.</summary>
    Foreign,

    /// <summary>The Gateway itself is refused.</summary>
    Refused,
}

/// <summary>What listeners, ListenerSets and Hostnames need to know of their Gateway; its listeners are resolved apart from it.</summary>
internal sealed record GatewayModel
{
    public required ResourceKey Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required GatewayState State { get; init; }

    /// <summary>Accepted, as far as class and addresses go.</summary>
    public required Verdict Accepted { get; init; }

    public required string Pool { get; init; }

    /// <summary>Whether it runs in a cluster with an address of its own, if it is a tenant's.</summary>
    public bool IsDedicated { get; init; }

    /// <summary>Whether its cluster issues the certificates of Hostnames that have no uploaded one.</summary>
    public bool IssuesInCluster { get; init; }

    /// <summary>Canonical IP addresses, ordinal order; empty: the data plane's default.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Ports that other tenants' listeners may use here, ascending.</summary>
    public required IReadOnlyList<int> OpenPorts { get; init; }

    public required AllowedListeners? AllowedListeners { get; init; }

    /// <summary>Client certificates.</summary>
    public ClientValidationByPort ClientValidation { get; init; } = ClientValidationByPort.None;

    /// <summary>What the Gateway shows to its TLS backends; null: nothing.</summary>
    public ResourceKey? BackendClientCertificate { get; init; }

    /// <summary>References of the Gateway itself, the listeners' apart.</summary>
    public Verdict ResolvedRefs { get; init; } = Verdict.ResolvedRefs;

    /// <summary>Whether several tenants meet on its addresses, so that hostnames need claims.</summary>
    public bool Shared { get; init; } = true;

    public bool IsPlatform => Key.Tenant == ResourceKind.PlatformTenant;

    /// <summary>
    /// Whether an object of another tenant than the platform may listen on a port here. Who admits Hostnames to the platform's Gateway
    /// admits both of their ports.
    /// </summary>
    public bool IsOpenTo(Resource source, int port) =>
        source.PlacedByPlatform || OpenPorts.Contains(port)
        || (source.Key.Kind == ResourceKind.Hostname && IsPlatform && port == HostnameResolver.TlsPort && OpenPorts.Contains(HostnameResolver.HttpPort));

    public string Name => $"{Key.Tenant}/{Key.Name}";

    public bool IsSame(GatewayModel? other) =>
        other is not null && Key == other.Key && CreatedAt == other.CreatedAt && State == other.State && Accepted.Equals(other.Accepted)
        && ClientValidation.IsSame(other.ClientValidation) && BackendClientCertificate == other.BackendClientCertificate && ResolvedRefs.Equals(other.ResolvedRefs)
        && Pool == other.Pool && IsDedicated == other.IsDedicated && IssuesInCluster == other.IssuesInCluster && Shared == other.Shared && Addresses.SequenceEqual(other.Addresses) && OpenPorts.SequenceEqual(other.OpenPorts)
        && (ReferenceEquals(AllowedListeners, other.AllowedListeners)
            || JsonSerializer.Serialize(AllowedListeners) == JsonSerializer.Serialize(other.AllowedListeners));
}
