using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Status;

/// <summary>What the compiler says of one object. Programmed and Live are derived on read by whoever knows the replicas.</summary>
public sealed record ResourceStatus
{
    /// <summary>The object.</summary>
    public required ResourceKey Key { get; init; }

    /// <summary>Generation that was compiled.</summary>
    public required long Generation { get; init; }

    /// <summary>Summary conditions [Accepted, ResolvedRefs, …] over all parents or listeners.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>Routes: one entry for each (parentRef, controller).</summary>
    public IReadOnlyList<RouteParentStatus>? Parents { get; init; }

    /// <summary>BackendTLSPolicies: one entry for each Gateway that the policy takes effect on.</summary>
    public IReadOnlyList<PolicyAncestorStatus>? Ancestors { get; init; }

    /// <summary>Gateways and ListenerSets: one entry for each listener.</summary>
    public IReadOnlyList<ListenerStatus>? Listeners { get; init; }

    /// <summary>Gateways: the addresses that are bound.</summary>
    public IReadOnlyList<GatewaySpecAddress>? Addresses { get; init; }

    /// <summary>Gateways: how many ListenerSets are attached.</summary>
    public int? AttachedListenerSets { get; init; }

    /// <summary>GatewayClasses: upstream's names of the features that are supported, ordinal order.</summary>
    public IReadOnlyList<string>? SupportedFeatures { get; init; }

    /// <summary>GatewayClasses whose Gateways run in a Kubernetes cluster: the class's name there.</summary>
    public string? ClusterClass { get; init; }

    /// <summary>Certificates: what the leaf says; null if it cannot be read.</summary>
    public CertificateDetails? Certificate { get; init; }

    /// <summary>Names of the pools that serve the object, of data planes and of clusters (<see cref="Projection.ClusterPool"/>); empty if none does.</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];

    /// <summary>Ids of the listeners (<see cref="Matching.ListenerEntry.Id"/>) that must be bound for the object to be live.</summary>
    public IReadOnlyList<string> ListenerIds { get; init; } = [];

    /// <summary>Keys of the backends (<see cref="Matching.BackendEntry.Key"/>) that the object sends traffic to; empty for objects without backends.</summary>
    public IReadOnlyList<string> BackendKeys { get; init; } = [];

    /// <summary>Whether data planes have to apply nothing new for this status after another: only counts of attached objects differ.</summary>
    public bool ServesAs(ResourceStatus before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Generation == before.Generation && Conditions.SequenceEqual(before.Conditions)
            && Pools.SequenceEqual(before.Pools) && ListenerIds.SequenceEqual(before.ListenerIds) && BackendKeys.SequenceEqual(before.BackendKeys)
            && Parents is null && before.Parents is null && SameListeners(before);
    }

    private bool SameListeners(ResourceStatus before) =>
        (Listeners ?? []).Select(listener => (listener.Name, listener.Port)).SequenceEqual((before.Listeners ?? []).Select(listener => (listener.Name, listener.Port)))
        && (Listeners ?? []).Zip(before.Listeners ?? []).All(pair => pair.First.Conditions.SequenceEqual(pair.Second.Conditions));
}

/// <summary>What a certificate says of itself.</summary>
/// <param name="DnsNames">Subject alternative names, lower case, ordinal order.</param>
/// <param name="NotBefore">Begin of its validity.</param>
/// <param name="NotAfter">End of its validity.</param>
/// <param name="KeyFingerprint">SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal.</param>
public sealed record CertificateDetails(IReadOnlyList<string> DnsNames, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string KeyFingerprint)
{
    /// <summary>Distinguished name of whom it is for.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Distinguished name of who issued it.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>SHA-256 of the leaf, lower-case hexadecimal, as TLS tools show it.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>IP addresses that it is for.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The Hostname that it was issued for here and is renewed for; null: it was uploaded.</summary>
    public string? ManagedFor { get; init; }
}

/// <summary>Status of a route at one parent.</summary>
/// <param name="ParentRef">The parent as the route names it, or as Hostnames imply it.</param>
/// <param name="ControllerName">Who writes this entry.</param>
/// <param name="Conditions">Accepted, ResolvedRefs, PartiallyInvalid.</param>
public sealed record RouteParentStatus(ParentReference ParentRef, string ControllerName, IReadOnlyList<Condition> Conditions);

/// <summary>Status of a policy at one ancestor (https://gateway-api.sigs.k8s.io/reference/spec/#policyancestorstatus).</summary>
/// <param name="AncestorRef">The Gateway.</param>
/// <param name="ControllerName">Who writes this entry.</param>
/// <param name="Conditions">Accepted, ResolvedRefs.</param>
public sealed record PolicyAncestorStatus(ParentReference AncestorRef, string ControllerName, IReadOnlyList<Condition> Conditions);

/// <summary>Status of one listener.</summary>
/// <param name="Name">Listener name.</param>
/// <param name="AttachedRoutes">Routes that are accepted at this listener.</param>
/// <param name="SupportedKinds">Kinds that may attach.</param>
/// <param name="Conditions">Accepted, Conflicted, ResolvedRefs, Programmed.</param>
public sealed record ListenerStatus(string Name, int AttachedRoutes, IReadOnlyList<RouteGroupKind> SupportedKinds, IReadOnlyList<Condition> Conditions)
{
    /// <summary>Listener port.</summary>
    public int? Port { get; init; }
}
