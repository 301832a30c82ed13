using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>A host entry's identity.</summary>
/// <param name="Pool">Pool.</param>
/// <param name="Listener">Listener id.</param>
/// <param name="Hostname">Hostname that listener and route have in common.</param>
internal readonly record struct HostKey(string Pool, string Listener, string Hostname) : IComparable<HostKey>
{
    public int CompareTo(HostKey other)
    {
        var order = string.CompareOrdinal(Pool, other.Pool);
        if (order == 0)
            order = string.CompareOrdinal(Listener, other.Listener);
        return order != 0 ? order : string.CompareOrdinal(Hostname, other.Hostname);
    }
}

/// <summary>What a route's rules compile to, wherever it attaches.</summary>
internal sealed record CompiledRules
{
    public required IReadOnlyList<CompiledRule> Rules { get; init; }

    /// <summary>In precedence order.</summary>
    public required IReadOnlyList<CompiledMatch> Matches { get; init; }

    /// <summary>Distinct, by key.</summary>
    public required IReadOnlyList<BackendTarget> Backends { get; init; }

    /// <summary>Distinct, by key: what the rules name and a policy lets nothing be sent to.</summary>
    public IReadOnlyList<BackendTarget> Barred { get; init; } = [];

    /// <summary>In clusters: what each reference means.</summary>
    public IReadOnlyDictionary<ReferenceKey, ResolvedReference> References { get; init; } = NoReferences;

    private static readonly Dictionary<ReferenceKey, ResolvedReference> NoReferences = [];

    public required Verdict ResolvedRefs { get; init; }

    /// <summary>Accepted=False because no rule can be used; null: at least one can.</summary>
    public required Verdict? Refused { get; init; }

    /// <summary>PartiallyInvalid=True, or null.</summary>
    public required Verdict? PartiallyInvalid { get; init; }

    /// <summary>Conditions of our own that are True: what is stored and accepted, and still not what its author can have meant.</summary>
    public IReadOnlyList<Verdict> Notices { get; init; } = [];
}

/// <summary>A compiled route.</summary>
internal sealed record CompiledRoute
{
    public required ResourceKey Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long Generation { get; init; }

    /// <summary>Its rules in data planes.</summary>
    public required CompiledRules Rules { get; init; }

    /// <summary>Its rules in clusters, where Services are the cluster's own; null: it is in none.</summary>
    public CompiledRules? ClusterRules { get; init; }

    /// <summary>Its rules in a pool.</summary>
    public CompiledRules RulesIn(string pool) => ClusterRules is { } rules && ClusterPool.IsCluster(pool) ? rules : Rules;

    /// <summary>Its own hostnames; <see cref="HostnameSet.Any"/> if it has none.</summary>
    public required IReadOnlyList<string> Hostnames { get; init; }

    public required IReadOnlyList<ParentAttachment> Parents { get; init; }

    /// <summary>Whether the parents follow from the tenant's Hostnames.</summary>
    public required bool ParentsAreImplied { get; init; }

    /// <summary>Why there are no parents; null: there are, or none is ours.</summary>
    public required Verdict? NoParents { get; init; }

    /// <summary>Where it serves; distinct, ordered.</summary>
    public required IReadOnlyList<HostKey> Hosts { get; init; }

    /// <summary>The listeners that it serves at; distinct.</summary>
    public required IReadOnlyList<ServingListener> Serving { get; init; }

    /// <summary>Ids of the listeners that count it as attached; distinct.</summary>
    public required IReadOnlyList<string> Attached { get; init; }
}
