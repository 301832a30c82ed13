using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Hostnames;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Names below the platform's own domain. Its zone is ours, so no record is asked of anybody, and one wildcard certificate serves a tenant's names.</summary>
internal sealed class BaseNames(IssuanceOptions options)
{
    private readonly ChallengeZone? _zone = options.BaseZone ?? (options is { ChallengeZone: { } zone, BaseDomain: { } domain } && Covers(zone.Zone, domain) ? zone : null);

    /// <summary>Whether names share certificates.</summary>
    public bool IsShared => _zone is not null;

    /// <summary>The zone to answer DNS-01 in for a name that needs no proof; null: it is not ours.</summary>
    public ChallengeZone? ZoneOf(IssuanceState state) => state.Proof == ClaimProof.BaseDomain && _zone is { } zone && Covers(zone.Zone, HostnameProofs.BaseOf(state.Row.Hostname)) ? zone : null;

    /// <summary>The wildcard whose certificate a Hostname shares with others of its tenant; null: it wants, or needs, one of its own.</summary>
    public string? SharedNameOf(IssuanceState state, HostnameSpec spec) =>
        AsksForItsOwn(spec) || ZoneOf(state) is null ? null : BaseDomain.WildcardOf(state.Row.Hostname, options.BaseDomain);

    /// <summary>Whether a Hostname asks for a certificate that one for other names need not be.</summary>
    public static bool AsksForItsOwn(HostnameSpec spec) => spec.Certificate is { Issuer: not null } or { KeyType: not null } or { Challenge: not null };

    private static bool Covers(string zone, string name) => name == zone || name.EndsWith("." + zone, StringComparison.Ordinal);
}
