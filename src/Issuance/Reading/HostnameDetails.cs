using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Issuance.Certificates;
using Gatehouse.Issuance.Ownership;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Issuance;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Issuance.Reading;

/// <summary>What a Hostname's status says beside its conditions.</summary>
/// <param name="Dns">Its records.</param>
/// <param name="Issuance">Its managed certificate.</param>
public sealed record HostnameDetail(HostnameDns Dns, HostnameIssuance? Issuance);

/// <summary>Reads what is known of Hostnames' DNS and certificates. The values that prove a claim are there from its creation on, whatever was looked at.</summary>
public sealed class HostnameDetails
{
    private readonly IssuanceOptions _options;
    private readonly Expectations _expectations;

    internal HostnameDetails(IssuanceOptions options, Expectations expectations)
    {
        _options = options;
        _expectations = expectations;
    }

    /// <summary>Details by the Hostnames' names.</summary>
    /// <param name="db">Inside a transaction of the tenant.</param>
    /// <param name="hostnames">Names.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyDictionary<string, HostnameDetail>> ReadAsync(GatehouseDbContext db, IReadOnlyCollection<string> hostnames, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var tenantId = db.TenantId;
        var proofKey = await db.Tenants.Where(tenant => tenant.Id == tenantId).Select(tenant => (Guid?)tenant.ProofKey).FirstOrDefaultAsync(cancellationToken);
        if (proofKey is not { } key)
            return new Dictionary<string, HostnameDetail>();
        var claims = await db.HostnameClaims.AsNoTracking().Where(claim => hostnames.Contains(claim.Hostname)).ToDictionaryAsync(claim => claim.Hostname, cancellationToken);
        var checks = await db.HostnameChecks.AsNoTracking().Where(check => hostnames.Contains(check.Hostname)).ToDictionaryAsync(check => check.Hostname, cancellationToken);
        var issuances = await db.CertificateIssuances.Where(issuance => hostnames.Contains(issuance.Hostname))
            .Select(issuance => new IssuanceRow(
                issuance.Hostname, issuance.State, issuance.Issuer, issuance.Step, issuance.Problems, issuance.NotAfter, issuance.RenewAt, issuance.RenewBecause, issuance.Failures, issuance.DueAt))
            .ToDictionaryAsync(issuance => issuance.Hostname, cancellationToken);
        var certificates = await CertificatesOf(db, issuances.Values, cancellationToken);
        var revocations = (await db.CertificateRevocations.AsNoTracking().Where(wish => hostnames.Contains(wish.Hostname))
            .Select(wish => new { wish.Hostname, wish.Failures, wish.Problem, wish.DueAt }).ToListAsync(cancellationToken))
            .ToLookup(wish => wish.Hostname, wish => RevocationProblem.Of(wish.Failures, wish.Problem, wish.DueAt));
        return claims.Values.ToDictionary(
            claim => claim.Hostname,
            claim => new HostnameDetail(
                DnsOf(key, claim, checks.GetValueOrDefault(claim.Hostname)), IssuanceOf(claim, issuances.GetValueOrDefault(claim.Hostname), certificates, revocations[claim.Hostname])));
    }

    // A Hostname's own, or the one that it shares.
    private async Task<Dictionary<string, string>> CertificatesOf(GatehouseDbContext db, IReadOnlyCollection<IssuanceRow> issuances, CancellationToken cancellationToken)
    {
        var candidates = issuances.Where(static issuance => issuance.NotAfter is not null)
            .Select(issuance => (issuance.Hostname, Names: SubjectsOf(issuance.Hostname).Select(IssuanceRows.CertificateNameOf).ToList())).ToList();
        var names = candidates.SelectMany(static candidate => candidate.Names).Distinct().ToList();
        var present = await db.Resources.Where(resource => resource.Kind == ResourceKind.Certificate && names.Contains(resource.Name)).Select(resource => resource.Name).ToListAsync(cancellationToken);
        return candidates.Select(candidate => (candidate.Hostname, Name: candidate.Names.Find(present.Contains))).Where(static pair => pair.Name is not null).ToDictionary(static pair => pair.Hostname, static pair => pair.Name!);
    }

    private IEnumerable<string> SubjectsOf(string hostname) => BaseDomain.WildcardOf(hostname, _options.BaseDomain) is { } shared ? [hostname, shared] : [hostname];

    private HostnameDns DnsOf(Guid proofKey, HostnameClaimEntity claim, HostnameCheckEntity? check)
    {
        var seen = check?.Report is { } report ? JsonSerializer.Deserialize<HostnameDns>(report, JsonSerializerOptions.Web) : null;
        var expectation = _expectations.Of(proofKey, claim.Id, claim.Hostname, _options.ChallengeZone is not null && claim.Hostname.StartsWith("*.", StringComparison.Ordinal), []);
        return new HostnameDns(expectation.ClaimRecord.Name, expectation.ClaimRecord.Value)
        {
            // What was seen of another claim's values says nothing of this one's.
            Required = claim.Proof is ClaimProof.BaseDomain or ClaimProof.NotRequired ? [] : seen is not null && seen.RecordValue == expectation.ClaimRecord.Value ? seen.Required : Records.Required(expectation),
            Observed = seen?.Observed ?? [],
            Problems = seen?.Problems ?? [],
            Proof = claim.Proof?.ToString(),
            PointsHere = seen?.PointsHere,
            CheckedAt = check?.CheckedAt,
            NextCheckAt = check?.DueAt,
            SuspendedAfter = check?.LostSince + _options.Grace,
        };
    }

    private static HostnameIssuance? IssuanceOf(HostnameClaimEntity claim, IssuanceRow? issuance, Dictionary<string, string> certificates, IEnumerable<HostnameProblem> revocations) => issuance is null ? null : new HostnameIssuance(issuance.State)
    {
        Certificate = certificates.GetValueOrDefault(claim.Hostname),
        Issuer = issuance.Issuer,
        Step = issuance.Step,
        Problems = [.. IssuanceFailure.Read(issuance.Problems), .. revocations],
        NotAfter = issuance.NotAfter,
        RenewAt = issuance.RenewAt,
        RenewBecause = issuance.RenewBecause,
        Failures = issuance.Failures,
        NextAttemptAt = claim.State == ClaimState.Verified ? issuance.DueAt : null,
    };

    private sealed record IssuanceRow(
        string Hostname, string State, string? Issuer, string? Step, string? Problems, DateTimeOffset? NotAfter, DateTimeOffset? RenewAt, string? RenewBecause, int Failures, DateTimeOffset DueAt);
}
