using Gatehouse.Acme;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Issuance.Ownership;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Looks before the authority is bothered: whether it may issue, and which challenge can be met.</summary>
internal sealed class Preflight(IssuanceOptions options, Expectations expectations, BaseNames baseNames, HostnameInspector inspector)
{
    private static readonly HashSet<string> Caa = ["CaaForbids", "CaaForbidsWildcard", "CaaUnreadable"];

    // What keeps an authority from getting an answer of data planes.
    private static readonly HashSet<string> Traffic = ["NameMissing", "AddressMissing", "AddressElsewhere", "AddressPartlyElsewhere", "StaleAaaa", "PrivateAddress", "CnameLoop", "ServerFailure", "LameDelegation"];

    /// <summary>The type of the challenge to meet.</summary>
    /// <param name="state">The Hostname.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="need">What serves it.</param>
    /// <param name="authorities">What CAA records may name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IssuanceFailure">None can be met now, or the authority may not issue.</exception>
    public async Task<string> ChooseAsync(IssuanceState state, HostnameSpec spec, CertificateNeed need, IReadOnlyList<string> authorities, CancellationToken cancellationToken)
    {
        var own = baseNames.ZoneOf(state) is not null;
        var wildcard = state.Subject.StartsWith("*.", StringComparison.Ordinal);
        var wanted = spec.Certificate?.Challenge;
        var byDns = wildcard || wanted == "Dns01" || need.Pools.Count == 0;
        if (byDns && !own && options.ChallengeZone is null)
        {
            throw new IssuanceFailure(FailureKind.Transient, new HostnameProblem(
                "NoChallengeZone",
                "Platform",
                wildcard ? "Authorities issue for wildcards by a DNS record alone, and the platform has no zone for such records." : "No data plane serves the name, so only a DNS record can answer an authority, and the platform has no zone for such records.",
                "A platform admin must configure a challenge zone; or upload a certificate."));
        }
        var inspection = await inspector.InspectAsync(expectations.Of(state.Row.ProofKey, state.ClaimId, state.Subject, byDns && !own, authorities), cancellationToken);
        var forbidden = inspection.Problems.Where(problem => Caa.Contains(problem.Code)).ToList();
        if (forbidden.Count > 0)
            throw new IssuanceFailure(FailureKind.Transient, forbidden);
        if (byDns && own)
            return AcmeChallengeTypes.Dns01;
        var delegated = options.ChallengeZone is not null && inspection.Required.Any(record => record is { Purpose: "Certificate", State: "Found" or "Partial" });
        if (byDns)
            return delegated ? AcmeChallengeTypes.Dns01 : throw new IssuanceFailure(FailureKind.Transient, [.. inspection.Problems.Where(problem => problem.Code.StartsWith("Acme", StringComparison.Ordinal))]);
        var blocked = inspection.Problems.Where(problem => Traffic.Contains(problem.Code)).ToList();
        if (blocked.Count == 0)
            return wanted == "TlsAlpn01" ? AcmeChallengeTypes.TlsAlpn01 : AcmeChallengeTypes.Http01;
        return wanted is null && delegated ? AcmeChallengeTypes.Dns01 : throw new IssuanceFailure(FailureKind.Transient, blocked);
    }
}
