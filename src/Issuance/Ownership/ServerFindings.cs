using Gatehouse.Contracts.Api;
using Gatehouse.Dns;

namespace Gatehouse.Issuance.Ownership;

/// <summary>What keeps resolvers from answering: the name's servers, its signatures, its aliases, or the resolvers themselves.</summary>
internal sealed class ServerFindings(Survey survey, IReadOnlyList<ResolverView> views)
{
    // RFC 8914 4: 1, 2 and 5 to 12 are about DNSSEC, 22 and 23 about servers that cannot be reached.
    private static readonly int[] SignatureErrors = [1, 2, 5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly int[] ReachErrors = [22, 23];

    private readonly HostnameExpectation _expected = survey.Expected;

    /// <summary>The zone does not exist at all, so nothing else needs to be said. Null: it does, as far as is known.</summary>
    public HostnameProblem? MissingZone()
    {
        var zone = views.Select(static view => view.Start).FirstOrDefault(static answer => answer is { Outcome: DnsOutcome.NameMissing, Through.Count: 0, Zone: not null })?.Zone;
        return zone is null || zone.TrimEnd('.').Contains('.', StringComparison.Ordinal) ? null : Problem(
            ProblemCodes.NameMissing,
            $"{_expected.Base} does not exist: {(zone == "." ? "the root" : zone)} knows no domain of that name.",
            "Check the spelling. If it is right, register the domain, or renew it, and have its name servers entered.");
    }

    /// <summary>Why resolvers fail for this name; null: they do not.</summary>
    public async Task<HostnameProblem?> FailureAsync()
    {
        if (views.FirstOrDefault(static view => Chains(view).Any(static answer => answer.Outcome == DnsOutcome.ChainTooLong)) is { } circular)
            return Loop(Chains(circular).First(static answer => answer.Outcome == DnsOutcome.ChainTooLong).Through);
        if (views.FirstOrDefault(static view => Chains(view).Append(view.Start).Append(view.Claim).Any(static answer => answer.Outcome == DnsOutcome.ServerFailure)) is { } failing)
            return await DiagnoseAsync(failing);

        // A resolver that lives and says nothing of this name alone waits for the name's servers in vain.
        if (views.Count > 0 && views.All(static view => view.Answers.All(IsSilent)) && await LivingAsync() is not null)
            return Lame(_expected.Base, "do not answer");
        return null;
    }

    /// <summary>Resolvers that do not do their work, whatever the name.</summary>
    public IEnumerable<HostnameProblem> Resolvers()
    {
        if (Those(IsSilent) is { Length: > 0 } silent)
            yield return Problem(ProblemCodes.ResolversTimedOut, $"No answer came from the resolvers {silent}.", "The platform team must check that the data center reaches them by UDP and TCP, or configure others.", Actors.Platform);
        if (Those(static answer => answer.Outcome == DnsOutcome.Refused) is { Length: > 0 } refusing)
            yield return Problem(ProblemCodes.ResolverRefused, $"The resolvers {refusing} refuse to answer.", "The platform team must configure resolvers that answer recursive questions of this machine.", Actors.Platform);
        if (Those(static answer => answer.Outcome == DnsOutcome.Malformed) is { Length: > 0 } garbling)
            yield return Problem(ProblemCodes.ResolverGarbled, $"What the resolvers {garbling} send is not DNS.", "The platform team must see what answers there.", Actors.Platform);
    }

    private static HostnameProblem Problem(string code, string message, string nextStep, string actor = Actors.Tenant) => new(code, actor, message, nextStep);

    private static DnsAnswer[] Chains(ResolverView view) => [view.V4, view.V6];

    private static bool IsSilent(DnsAnswer answer) => answer.Outcome is DnsOutcome.TimedOut or DnsOutcome.Unreachable;

    private string Those(Func<DnsAnswer, bool> isSo) => string.Join(", ", views.Where(view => view.Answers.All(isSo)).Select(static view => view.Resolver.ToString()));

    private HostnameProblem Loop(IReadOnlyList<string> through) => Problem(
        ProblemCodes.CnameLoop,
        $"The CNAME records of {_expected.Hostname} lead in a circle or too far: {HostileText.Quote(through)}.",
        $"Let {_expected.Hostname} lead directly to {_expected.CnameTarget ?? _expected.EdgeName ?? "the gateway's addresses"}.");

    private static HostnameProblem Lame(string zone, string what) => Problem(
        ProblemCodes.LameDelegation,
        $"The name servers that {zone} is delegated to {what}.",
        "Compare the name servers at the registrar with those of the DNS provider, and see whether the zone exists there.",
        Actors.DnsProvider);

    private async Task<HostnameProblem> DiagnoseAsync(ResolverView view)
    {
        if (await FindLoopAsync(view.Resolver) is { } loop)
            return Loop(loop);
        int[] errors = [.. view.Answers.SelectMany(static answer => answer.ExtendedErrors)];
        var withoutChecks = await survey.AskAsync(view.Resolver, _expected.Base, DnsRecordType.SOA, checkingDisabled: true);
        if (errors.Intersect(SignatureErrors).Any() || (view.Start.Outcome == DnsOutcome.ServerFailure && withoutChecks.IsDefinite))
            return Problem(
                ProblemCodes.ServerFailure,
                $"Resolvers that check signatures do not believe the answers for {_expected.Base}: its DNSSEC is broken.",
                "Compare the DS records at the registrar with the zone's keys, and have the zone signed again, or remove the DS records.",
                Actors.DnsProvider);
        if (errors.Intersect(ReachErrors).Any())
            return Lame(_expected.Base, "cannot be reached");
        if (view.Answers.Any(static answer => answer.IsReferral))
            return Lame(_expected.Base, "were not asked, or do not hold it");
        return await FailingZoneAsync(view) is { } zone
            ? Lame(zone, "do not answer for it")
            : Problem(ProblemCodes.ServerFailure, $"The name servers of {_expected.Base} fail (SERVFAIL).", "Ask the DNS provider what is wrong with the zone.", Actors.DnsProvider);
    }

    // Resolvers answer SERVFAIL for a circle; it shows when one goes round step by step.
    private async Task<List<string>?> FindLoopAsync(DnsServer resolver)
    {
        List<string> seen = [_expected.Hostname];
        for (var i = 0; i < Survey.MaxDomains; i++)
        {
            if (CertificateFindings.TargetOf(await survey.AskAsync(resolver, seen[^1], DnsRecordType.CNAME)) is not { } target)
                return null;
            if (seen.Contains(target))
                return seen[1..];
            seen.Add(target);
        }
        return null;
    }

    // The highest domain that fails below one that answers: its delegation is what is broken.
    private async Task<string?> FailingZoneAsync(ResolverView view)
    {
        if (view.Start.Outcome != DnsOutcome.ServerFailure)
            return null;
        var failing = _expected.Base;
        foreach (var ancestor in DnsName.Parse(_expected.Base).WithAncestors().Skip(1).Take(Survey.MaxDomains))
        {
            var answer = await survey.AskAsync(view.Resolver, ancestor.Text, DnsRecordType.SOA);
            if (answer.IsDefinite)
                return failing;
            failing = ancestor.Text;
        }
        return null;
    }

    private async Task<ResolverView?> LivingAsync()
    {
        foreach (var view in views)
        {
            if (!IsSilent(await survey.AskAsync(view.Resolver, _expected.Base.Split('.')[^1], DnsRecordType.NS)))
                return view;
        }
        return null;
    }
}
