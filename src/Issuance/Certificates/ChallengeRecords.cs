using Gatehouse.Contracts.Api;
using Gatehouse.Dns;
using Gatehouse.Dns.Updates;
using Gatehouse.Issuance.Ownership;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Answers DNS-01 in the zone that is ours (RFC 8555 §8.4), where the name's <c>_acme-challenge</c> record leads.</summary>
internal sealed class ChallengeRecords(IssuanceOptions options, Expectations expectations, DnsClient dns, TimeProvider clock)
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether there is a zone for them.</summary>
    public bool IsPossible => options.ChallengeZone is not null;

    /// <summary>Adds a value and waits until the zone's server shows it.</summary>
    /// <exception cref="IssuanceFailure">The zone cannot be updated.</exception>
    public async Task SetUpAsync(IssuanceState state, string value, CancellationToken cancellationToken)
    {
        var name = NameOf(state);
        await UpdateAsync(updater => updater.AddTextAsync(DnsName.Parse(name), value, TimeToLive, cancellationToken));
        var start = clock.GetTimestamp();
        while (!(await dns.QueryAsync(options.ChallengeZone!.Server, name, DnsRecordType.TXT, cancellationToken)).Texts.Contains(value))
        {
            if (clock.GetElapsedTime(start) > Patience)
                throw Failure($"its server does not show what was added at `{name}`");
            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    /// <summary>Takes a value away; other values of the name stay.</summary>
    public Task ClearAsync(IssuanceState state, string value, CancellationToken cancellationToken) =>
        UpdateAsync(updater => updater.DeleteTextAsync(DnsName.Parse(NameOf(state)), value, cancellationToken));

    private string NameOf(IssuanceState state) => expectations.AcmeTargetOf(state.Row.ProofKey, state.Row.Hostname)!;

    private async Task UpdateAsync(Func<DnsUpdater, Task<DnsUpdateResult>> update)
    {
        var zone = options.ChallengeZone!;
        var result = await update(new DnsUpdater(new DnsUpdaterOptions(zone.Server, DnsName.Parse(zone.Zone), TsigKey.Parse(zone.Key.Reveal()))));
        if (!result.IsApplied)
            throw Failure(result.Message.TrimEnd('.'));
    }

    private IssuanceFailure Failure(string why) => new(FailureKind.Transient, new HostnameProblem(
        "ZoneUpdateFailed", "Platform", $"The platform's zone `{options.ChallengeZone!.Zone}` could not be updated: {why}.", "A platform admin must look at the zone's server and its TSIG key; it is tried again by itself.")) { EndsOrder = false };
}
