using System.Text.Json;
using Gatehouse.Contracts.Api;
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
        var revocations = (await db.CertificateRevocations.AsNoTracking().Where(wish => hostnames.Contains(wish.Hostname))
            .Select(wish => new { wish.Hostname, wish.Failures, wish.Problem, wish.DueAt }).ToListAsync(cancellationToken))
            .ToLookup(wish => wish.Hostname, wish => RevocationProblem.Of(wish.Failures, wish.Problem, wish.DueAt));
        return claims.Values.ToDictionary(
            claim => claim.Hostname,
            claim => new HostnameDetail(
                DnsOf(key, claim, checks.GetValueOrDefault(claim.Hostname)), IssuanceOf(claim, issuances.GetValueOrDefault(claim.Hostname), revocations[claim.Hostname])));
    }

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

    private static HostnameIssuance? IssuanceOf(HostnameClaimEntity claim, IssuanceRow? issuance, IEnumerable<HostnameProblem> revocations) => issuance is null ? null : new HostnameIssuance(issuance.State)
    {
        Certificate = issuance.NotAfter is null ? null : IssuanceRows.CertificateNameOf(claim.Hostname),
        Issuer = issuance.Issuer,
        Step = issuance.Step,
        Problems = [.. IssuanceFailure.Read(issuance.Problems), .. revocations],
        NotAfter = issuance.NotAfter,
        RenewAt = issuance.RenewAt,
        RenewBecause = issuance.RenewBecause,
        Failures = issuance.Failures,
        NextAttemptAt = claim.State == Gateway.Resources.ClaimState.Verified ? issuance.DueAt : null,
    };

    private sealed record IssuanceRow(
        string Hostname, string State, string? Issuer, string? Step, string? Problems, DateTimeOffset? NotAfter, DateTimeOffset? RenewAt, string? RenewBecause, int Failures, DateTimeOffset DueAt);
}
