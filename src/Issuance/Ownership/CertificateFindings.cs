using Gatehouse.Contracts.Api;
using Gatehouse.Dns;
using Gatehouse.Dns.Caa;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Why a certificate authority would not issue.</summary>
internal sealed class CertificateFindings(HostnameExpectation expected, IReadOnlyList<ResolverView> views)
{
    /// <summary>Problems, the most urgent first.</summary>
    public IEnumerable<HostnameProblem> Find() => ((HostnameProblem?[])[Policy(), Delegation()]).OfType<HostnameProblem>();

    private static HostnameProblem Problem(string code, string message, string nextStep, string actor = Actors.Tenant) => new(code, actor, message, nextStep);

    // The authority asks for itself. One resolver that remembers what was is outvoted by two that do not.
    private HostnameProblem? Policy()
    {
        CaaVerdict[] verdicts = [.. views.Select(static view => view.Caa).OfType<CaaVerdict>()];
        CaaVerdict[] readable = [.. verdicts.Where(static verdict => verdict.Reason != CaaReason.Unreadable)];
        CaaVerdict[] forbidding = [.. readable.Where(static verdict => !verdict.Allowed)];
        if (forbidding.Length > 0 && forbidding.Length * 2 >= readable.Length)
            return Forbidden(forbidding[0]);
        return readable.Length > 0 || verdicts.Length == 0 ? null : Problem(
            ProblemCodes.CaaUnreadable,
            $"The CAA records of {verdicts[0].Domain} could not be read ({verdicts[0].Failure!.Outcome}). Certificate authorities refuse to issue while that is so.",
            $"The name servers of {verdicts[0].Domain} must answer questions for CAA records, with \"there is none\" if there is none. Ask the DNS provider.",
            Actors.DnsProvider);
    }

    private HostnameProblem Forbidden(CaaVerdict verdict)
    {
        var authority = expected.CertificateAuthorities[0];
        var tag = verdict.ByWildcardRecords ? "issuewild" : "issue";
        var code = verdict.ByWildcardRecords || expected.IsWildcard ? ProblemCodes.CaaForbidsWildcard : ProblemCodes.CaaForbids;
        var records = HostileText.Quote(verdict.Records.Select(static record => record.Text));
        return verdict.Reason switch
        {
            CaaReason.UnknownCritical => Problem(code, $"A CAA record of {verdict.Domain} has the critical flag and a tag that authorities do not know: {records}.", "Remove that record, or its flag 128."),
            CaaReason.OtherParameters => Problem(code, $"The CAA records of {verdict.Domain} name {authority}, for another method or account: {records}.", "Remove the parameters validationmethods and accounturi from the record, or add those in use."),
            _ => Problem(code, $"The CAA records of {verdict.Domain} do not let {authority} issue{(expected.IsWildcard ? " for wildcards" : "")}: {records}.", $"Add a CAA record at {verdict.Domain}: 0 {tag} \"{authority}\"."),
        };
    }

    private HostnameProblem? Delegation()
    {
        if (expected.AcmeRecord is not { } record || !expected.NeedsDns01)
            return null;
        DnsAnswer[] aliases = [.. views.Select(static view => view.AcmeAlias!).Where(static answer => answer.IsDefinite)];
        if (aliases.Length == 0 || aliases.Any(answer => TargetOf(answer) == record.Value))
            return null;
        if (aliases.Select(TargetOf).FirstOrDefault(static target => target is not null) is { } target)
            return Problem(
                ProblemCodes.AcmeDelegationWrong,
                $"{record.Name} is a CNAME record to {HostileText.Quote(target)}.",
                $"Set its target to {record.Value}.");
        return views.Any(static view => view.AcmeText is { Outcome: DnsOutcome.Answered, Through.Count: 0 })
            ? Problem(
                ProblemCodes.AcmeTxtInTheWay,
                $"{record.Name} has a TXT record, and a name that has one cannot have a CNAME record.",
                $"Remove the TXT record and add a CNAME record {record.Name} to {record.Value}.")
            : Problem(
                ProblemCodes.AcmeDelegationMissing,
                $"There is no CNAME record at {record.Name}, which a certificate for {expected.Hostname} needs.",
                $"Add a CNAME record {record.Name} to {record.Value}.");
    }

    /// <summary>Where an alias leads; null: there is none.</summary>
    internal static string? TargetOf(DnsAnswer answer) => answer.Records.Select(static record => record.Data).OfType<NameData>().FirstOrDefault()?.Target;
}
