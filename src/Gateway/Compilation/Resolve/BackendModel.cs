using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>What a Backend is to those who reference it; its endpoints may change without their notice.</summary>
internal sealed record BackendModel
{
    public required ResourceKey Key { get; init; }

    public required string Protocol { get; init; }

    /// <summary>Reference port → endpoint port.</summary>
    public required IReadOnlyDictionary<int, int> Ports { get; init; }

    /// <summary>The endpoints' own ports, ascending; 0 for those without.</summary>
    public required IReadOnlyList<int> EndpointPorts { get; init; }

    public required Verdict Accepted { get; init; }

    public required Verdict ResolvedRefs { get; init; }

    /// <summary>Why nothing may be sent to it, or null.</summary>
    public Verdict? Problem => !Accepted.IsTrue ? Accepted : !ResolvedRefs.IsTrue ? ResolvedRefs : null;

    public bool IsSame(BackendModel? other) =>
        other is not null && Protocol == other.Protocol && Accepted.Equals(other.Accepted) && ResolvedRefs.Equals(other.ResolvedRefs)
        && EndpointPorts.SequenceEqual(other.EndpointPorts) && Ports.OrderBy(port => port.Key).SequenceEqual(other.Ports.OrderBy(port => port.Key));
}

/// <summary>A Backend at one of its ports; what a rule sends traffic to.</summary>
/// <param name="Key">Key of the backend entry.</param>
/// <param name="Backend">The object.</param>
/// <param name="Port">Endpoint port that the reference's port maps to; null: the endpoints' own.</param>
internal readonly record struct BackendTarget(string Key, ResourceKey Backend, int? Port);
