using Gatehouse.Contracts.Api;
using Gatehouse.Dns;
using Gatehouse.Dns.Updates;
using Gatehouse.Issuance.Ownership;
using Gatehouse.Persistence.Hostnames;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Answers DNS-01 in a zone that is ours (RFC 8555 §8.4): the base domain's, or the one that the name's <c>_acme-challenge</c> record leads into.</summary>
internal sealed class ChallengeRecords(IssuanceOptions options, Expectations expectations, BaseNames baseNames, DnsClient dns, TimeProvider clock)
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether there is a zone to answer in for a name.</summary>
    public bool IsPossible(IssuanceState state) => options.ChallengeZone is not null || baseNames.ZoneOf(state) is not null;

    /// <summary>Adds a value and waits until the zone's server shows it.</summary>
    /// <exception cref="IssuanceFailure">The zone cannot be updated.</exception>
    public async Task SetUpAsync(IssuanceState state, string value, CancellationToken cancellationToken)
    {
        var (zone, name) = PlaceOf(state);
        await UpdateAsync(zone, updater => updater.AddTextAsync(DnsName.Parse(name), value, TimeToLive, cancellationToken));
        var start = clock.GetTimestamp();
        while (!(await dns.QueryAsync(zone.Server, name, DnsRecordType.TXT, cancellationToken)).Texts.Contains(value))
        {
            if (clock.GetElapsedTime(start) > Patience)
                throw Failure(zone, $"its server does not show what was added at `{name}`");
            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    /// <summary>Takes a value away; other values of the name stay.</summary>
    public Task ClearAsync(IssuanceState state, string value, CancellationToken cancellationToken)
    {
        var (zone, name) = PlaceOf(state);
        return UpdateAsync(zone, updater => updater.DeleteTextAsync(DnsName.Parse(name), value, cancellationToken));
    }

    private (ChallengeZone Zone, string Name) PlaceOf(IssuanceState state) => baseNames.ZoneOf(state) is { } own
        ? (own, $"{HostnameProofs.AcmeLabel}.{HostnameProofs.BaseOf(state.Subject)}")
        : (options.ChallengeZone!, expectations.AcmeTargetOf(state.Row.ProofKey, state.Row.Hostname)!);

    private static async Task UpdateAsync(ChallengeZone zone, Func<DnsUpdater, Task<DnsUpdateResult>> update)
    {
        var result = await update(new DnsUpdater(new DnsUpdaterOptions(zone.Server, DnsName.Parse(zone.Zone), TsigKey.Parse(zone.Key.Reveal()))));
        if (!result.IsApplied)
            throw Failure(zone, result.Message.TrimEnd('.'));
    }

    private static IssuanceFailure Failure(ChallengeZone zone, string why) => new(FailureKind.Transient, new HostnameProblem(
        "ZoneUpdateFailed", "Platform", $"The platform's zone `{zone.Zone}` could not be updated: {why}.", "A platform admin must look at the zone's server and its TSIG key; it is tried again by itself.")) { EndsOrder = false };
}
