using System.Globalization;
using Gatehouse.Contracts.Api;
using Gatehouse.Dns;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Why a name is not proven, as exactly as resolvers let it be known.</summary>
internal sealed class OwnershipFindings(Survey survey, IReadOnlyList<ResolverView> views, OwnershipTally tally)
{
    private readonly ExpectedRecord _record = survey.Expected.ClaimRecord;

    /// <summary>The one problem of a claim that is not proven; null: it is, or nothing is known.</summary>
    public async Task<HostnameProblem?> FindAsync()
    {
        if (tally.Proof is not null || !tally.Claim.HasQuorum)
            return null;
        if (tally.Claim.Showing > 0)
            return NotEverywhere();
        string[] values = [.. views.SelectMany(static view => view.Claim.Texts).Distinct(StringComparer.Ordinal)];
        return Quoted(values) ?? OldClaim(values) ?? await ElsewhereAsync() ?? Blocked() ?? Other(values) ?? Missing();
    }

    private static HostnameProblem Problem(string code, string message, string nextStep, string actor = Actors.Tenant) => new(code, actor, message, nextStep);

    private HostnameProblem NotEverywhere()
    {
        var wait = views.Where(view => view.Claim.IsDefinite && !view.Claim.Texts.Contains(_record.Value, StringComparer.Ordinal)).Max(static view => view.Claim.TimeToLive);
        return Problem(
            ProblemCodes.TxtNotEverywhere,
            string.Create(CultureInfo.InvariantCulture, $"{tally.Claim.Showing} of {tally.Claim.Definite} resolvers see the TXT record at {_record.Name}; the others still remember what was there before{Seconds(wait, ", for up to ")}."),
            "Wait: it is looked at again by itself. If it stays like this, see whether all of the zone's name servers have the same records.",
            Actors.Nobody);
    }

    // Forms ask for values in different ways, and some add what people think they must not forget.
    private HostnameProblem? Quoted(string[] values) => values.FirstOrDefault(value => value.Contains(_record.Value, StringComparison.Ordinal)) is { } value
        ? Problem(
            ProblemCodes.TxtQuoted,
            $"The TXT record at {_record.Name} has more in it than the value: {HostileText.Quote(value)}.",
            $"Set its value to {_record.Value} alone: no quotes, no spaces, no name before it.")
        : null;

    // Whose token it is, or whether it ever was anybody's, is not said.
    private HostnameProblem? OldClaim(string[] values) => values.Any(value => IsSameShape(value, _record.Value))
        ? Problem(
            ProblemCodes.TxtOldClaim,
            $"The TXT record at {_record.Name} holds the value of another claim, for example of one that was made before.",
            $"Replace its value by {_record.Value}, or add that as another TXT record of the same name.")
        : null;

    private HostnameProblem? Blocked() => views.FirstOrDefault(static view => view.Claim.Through.Count > 0) is { } view
        ? Problem(
            ProblemCodes.TxtBlockedByCname,
            $"{_record.Name} is a CNAME record to {HostileText.Quote(view.Claim.Through[0])}, where the value is not; a name with a CNAME record can have no TXT record.",
            $"Remove the CNAME record at {_record.Name} (it may be a wildcard's) and add the TXT record there.")
        : null;

    private HostnameProblem? Other(string[] values) => values.Length == 0 ? null
        : survey.Expected.DomainRecords.FirstOrDefault(domain => values.Contains(domain.Value, StringComparer.Ordinal)) is { } domain
            ? Problem(
                ProblemCodes.TxtWrongValue,
                $"The TXT record at {_record.Name} holds the value that belongs to {domain.Name}.",
                $"Set its value to {_record.Value}, or move the value that is there to {domain.Name}.")
            : Problem(
                ProblemCodes.TxtWrongValue,
                $"The TXT record at {_record.Name} has another value: {HostileText.Quote(values)}.",
                $"Add a TXT record {_record.Name} with the value {_record.Value}; other TXT records may stay.");

    private HostnameProblem Missing() => Problem(
        ProblemCodes.TxtMissing,
        $"There is no TXT record at {_record.Name}.",
        $"Add a TXT record {_record.Name} with the value {_record.Value}.{InTheForm()}");

    // Looked for where people put it by mistake, at one resolver that answers.
    private async Task<HostnameProblem?> ElsewhereAsync()
    {
        var resolver = views.First(static view => view.Claim.IsDefinite).Resolver;
        var zones = DnsName.Parse(survey.Expected.Base).WithAncestors(2).Take(Survey.MaxDomains).Select(static zone => zone.Text).ToList();
        var label = _record.Name[.._record.Name.IndexOf('.', StringComparison.Ordinal)];
        string[] others = [survey.Expected.Base, $"{label.TrimStart('_')}.{survey.Expected.Base}", .. zones.Skip(1).Select(zone => $"{label}.{zone}")];
        var twice = zones.Select(zone => $"{_record.Name}.{zone}").ToList();
        var answers = await Task.WhenAll(twice.Concat(others).Where(name => name != _record.Name).Select(name => survey.AskAsync(resolver, name, DnsRecordType.TXT)));
        var found = answers.FirstOrDefault(answer => answer.Texts.Any(value => value.Contains(_record.Value, StringComparison.Ordinal)));
        return found is null ? null
            : twice.Contains(found.Name)
                ? Problem(
                    ProblemCodes.ZoneAppendedTwice,
                    $"The value is at {found.Name}: the zone's name is there twice.",
                    $"The DNS provider adds the zone by itself. Rename the record to {found.Name[..^(zones.First(zone => found.Name == $"{_record.Name}.{zone}").Length * 2 + 2)]}, without the zone.")
                : Problem(
                    ProblemCodes.TxtAtWrongName,
                    $"The value is at {found.Name}, where it proves nothing.",
                    $"Move the TXT record to {_record.Name}.{InTheForm()}");
    }

    private string InTheForm() => views.Select(static view => view.Claim.Zone ?? view.Start.Zone).FirstOrDefault(static zone => zone is not null) is { } zone
        && _record.Name.EndsWith("." + zone, StringComparison.Ordinal)
        ? $" In a form that adds the zone {zone} by itself the name is {_record.Name[..^(zone.Length + 1)]}."
        : "";

    private static string Seconds(long? seconds, string before) => seconds is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{before}{seconds} s");

    private static bool IsSameShape(string value, string expected)
    {
        var prefix = expected.IndexOfAny(['=', ':']) + 1;
        return expected.Length - prefix >= 16 && value.Length == expected.Length && value.AsSpan(0, prefix).SequenceEqual(expected.AsSpan(0, prefix))
            && value.AsSpan(prefix).IndexOfAnyExcept(Token) < 0;
    }

    private static readonly System.Buffers.SearchValues<char> Token =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
