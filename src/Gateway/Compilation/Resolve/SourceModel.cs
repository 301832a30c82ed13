using Gatehouse.Gateway.Compilation.Conditions;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A Gateway, ListenerSet or Hostname as a source of listeners.</summary>
internal sealed record SourceModel
{
    /// <summary>Its listeners; none while the source itself is not accepted.</summary>
    public required IReadOnlyList<ListenerModel> Listeners { get; init; }

    /// <summary>What stands against the source as a whole; null: nothing.</summary>
    public Verdict? Problem { get; init; }

    /// <summary>References other than the listeners'.</summary>
    public Verdict ResolvedRefs { get; init; } = Verdict.ResolvedRefs;

    /// <summary>Hostnames: how the claim stands.</summary>
    public Verdict? Verified { get; init; }

    /// <summary>Hostnames: whether TLS ends here with a certificate; null: port 443 is not open to it.</summary>
    public Verdict? CertificateReady { get; init; }

    /// <summary>Another controller's: nothing is said of it, and routes get no entry for it.</summary>
    public bool IsForeign { get; init; }

    /// <summary>The Gateways that it adds listeners to.</summary>
    public IReadOnlyList<GatewayModel> Gateways { get; init; } = [];

    public bool IsSame(SourceModel? other) =>
        other is not null && Equals(Problem, other.Problem) && ResolvedRefs.Equals(other.ResolvedRefs) && Equals(Verified, other.Verified) && Equals(CertificateReady, other.CertificateReady)
        && IsForeign == other.IsForeign && Gateways.SequenceEqual(other.Gateways, ReferenceEqualityComparer.Instance)
        && Listeners.Count == other.Listeners.Count && Listeners.Zip(other.Listeners).All(pair => pair.First.IsSame(pair.Second));
}
