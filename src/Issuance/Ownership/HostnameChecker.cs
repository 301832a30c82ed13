using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Issuance;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Looks at a Hostname's DNS, tells the ledger what that proves, and notes when to look again.</summary>
internal sealed class HostnameChecker(
    HostnameChecks checks, HostnameInspector inspector, Expectations expectations, IssuanceOptions options, IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Looks now.</summary>
    /// <param name="check">The Hostname.</param>
    /// <param name="actor">Who wants to know.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What the ledger says after it.</returns>
    public async Task<ClaimOutcome> CheckAsync(HostnameCheck check, WriteContext actor, CancellationToken cancellationToken)
    {
        // Where no records are asked for, none are looked up.
        if (check.Proof is ClaimProof.BaseDomain or ClaimProof.NotRequired)
        {
            await checks.NoteAsync(check, null, clock.GetUtcNow() + options.Recheck, 0, null, cancellationToken);
            return ClaimOutcome.Verified;
        }
        var expectation = expectations.Of(check.Row.ProofKey, check.ClaimId, check.Row.Hostname, byDns: NeedsDns(check), []);
        var inspection = await inspector.InspectAsync(expectation, cancellationToken);
        var (outcome, lostSince) = await DecideAsync(check, inspection, actor, cancellationToken);
        var problems = outcome == ClaimOutcome.Quarantined ? [Quarantined(check), .. inspection.Problems] : inspection.Problems;
        var report = new HostnameDns(expectation.ClaimRecord.Name, expectation.ClaimRecord.Value)
        {
            Required = inspection.Required,
            Observed = inspection.Observed,
            Problems = problems,
            PointsHere = inspection.PointsHere,
        };
        var settled = outcome == ClaimOutcome.Verified && lostSince is null && inspection.PointsHere != false;
        // A name that was just suspended is soon looked at again, however long its proof was missed: its owner hears of it now.
        var suspended = check.Proof is not null && outcome != ClaimOutcome.Verified;
        var failures = settled ? 0 : suspended ? 1 : check.Failures + 1;
        await checks.NoteAsync(check, JsonSerializer.Serialize(report, JsonSerializerOptions.Web), clock.GetUtcNow() + PauseAfter(outcome, settled, failures), failures, lostSince, cancellationToken);
        return outcome;
    }

    private bool NeedsDns(HostnameCheck check) => options.ChallengeZone is not null && check.Row.Hostname.StartsWith("*.", StringComparison.Ordinal);

    private async Task<(ClaimOutcome Outcome, DateTimeOffset? LostSince)> DecideAsync(HostnameCheck check, HostnameInspection inspection, WriteContext actor, CancellationToken cancellationToken)
    {
        if (check.Proof is null)
            return (inspection.Proof is { } found ? await WriteAsync(check, actor, (ledger, transaction) => ledger.ProveAsync(transaction, check.Row.Hostname, ProofOf(found), cancellationToken), cancellationToken) : ClaimOutcome.Pending, null);
        if (!check.StandsOnRecords)
            return (ClaimOutcome.Verified, null);
        if (inspection.Proof is { } standing)
        {
            if (ProofOf(standing) != check.Proof)
                await WriteAsync(check, actor, (ledger, transaction) => ledger.ProveAsync(transaction, check.Row.Hostname, ProofOf(standing), cancellationToken), cancellationToken);
            return (ClaimOutcome.Verified, null);
        }
        // Whoever serves the name here still controls it; and what resolvers cannot tell is nobody's fault.
        if (inspection.PointsHere == true || !inspection.Definite)
            return (ClaimOutcome.Verified, inspection.Definite ? null : check.LostSince);
        var lostSince = check.LostSince ?? clock.GetUtcNow();
        if (clock.GetUtcNow() - lostSince < options.Grace)
            return (ClaimOutcome.Verified, lostSince);
        await WriteAsync(check, actor, (_, transaction) => HostnameLedger.SuspendAsync(transaction, check.Row.Hostname, cancellationToken), cancellationToken);
        return (ClaimOutcome.Pending, null);
    }

    private async Task<ClaimOutcome> WriteAsync(
        HostnameCheck check, WriteContext actor, Func<HostnameLedger, WriteTransaction, Task<ClaimOutcome>> decide, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<Transactions>().WriteAsync(check.Row.TenantId, actor, cancellationToken);
        var outcome = await decide(scope.ServiceProvider.GetRequiredService<HostnameLedger>(), transaction);
        if (outcome == ClaimOutcome.Verified)
            await IssuanceRows.WakeAsync(transaction, [check.Row.Hostname], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    private static ClaimProof ProofOf(HostnameProof proof) => Enum.Parse<ClaimProof>(proof.Kind);

    private TimeSpan PauseAfter(ClaimOutcome outcome, bool settled, int failures)
    {
        var longest = outcome == ClaimOutcome.Verified && options.Recheck < LongestPause ? options.Recheck : LongestPause;
        var pause = settled ? options.Recheck : FirstPause * Math.Pow(2, Math.Min(failures - 1, 12));
        if (!settled && pause > longest)
            pause = longest;
        // Not all at the same moment: many names are often claimed at once.
        return pause * (0.9 + Random.Shared.NextDouble() * 0.2);
    }

    private static HostnameProblem Quarantined(HostnameCheck check) => new(
        "Quarantined",
        "Tenant",
        $"Another tenant released `{check.Row.Hostname}` a short while ago.",
        $"Set the TXT record `{HostnameProofs.ClaimRecord(check.Row.Hostname)}` of this claim: for a released name no other proof counts.");

    /// <summary>Gatehouse itself.</summary>
    public static WriteContext Background { get; } = new(Actor.System, "hostname-check");
}
