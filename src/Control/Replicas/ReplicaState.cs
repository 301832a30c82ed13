using System.Collections.Immutable;
using Gatehouse.Contracts.Feed;

namespace Gatehouse.Control.Replicas;

/// <summary>What is known of one data-plane replica. Immutable; each report makes a new one.</summary>
public sealed record ReplicaState
{
    /// <summary>Pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Name of the replica.</summary>
    public required string Replica { get; init; }

    /// <summary>Product version.</summary>
    public required string Version { get; init; }

    /// <summary>Start of its process.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Revision that is in force.</summary>
    public required long AppliedRevision { get; init; }

    /// <summary>Hash that is in force.</summary>
    public string? AppliedHash { get; init; }

    /// <summary>When the revision in force was first reported.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>Last word.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Entries that it refused.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>A change that it holds, in words.</summary>
    public string? Held { get; init; }

    /// <summary>Its sockets.</summary>
    public IReadOnlyList<SocketReport> Sockets { get; init; } = [];

    /// <summary>Whether it serves HTTP/3; null: it did not say.</summary>
    public Http3Report? Http3 { get; init; }

    /// <summary>Health of its backends' endpoints, by backend key; null: it did not say yet.</summary>
    public ImmutableDictionary<string, IReadOnlyList<EndpointReport>>? Health { get; init; }
}
