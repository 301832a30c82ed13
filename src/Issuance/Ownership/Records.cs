using System.Net.Sockets;
using Gatehouse.Contracts.Api;
using Gatehouse.Dns;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Says which records to set and what resolvers answered, in the words of the API.</summary>
internal static class Records
{
    private const string Ownership = "Ownership", Traffic = "Traffic", Certificate = "Certificate";

    /// <summary>Records to set, and how each stands.</summary>
    public static IEnumerable<RequiredRecord> Required(HostnameExpectation expected, IReadOnlyList<ResolverView> views, OwnershipTally tally, TrafficView traffic)
    {
        yield return new RequiredRecord(Ownership, "TXT", expected.ClaimRecord.Name, expected.ClaimRecord.Value, tally.Claim.State(views.Any(static view => view.Claim.Texts.Any())))
        {
            Alternative = tally.Domains.Count == 0 && expected.CnameTarget is null ? null : "Proves this name alone. One record of ownership is enough.",
        };
        foreach (var ((record, found), i) in tally.Domains.Select(static (domain, i) => (domain, i)))
        {
            yield return new RequiredRecord(Ownership, "TXT", record.Name, record.Value, found.State(views.Any(view => view.Domains[i].Texts.Any())))
            {
                Alternative = $"Proves every name at and below {record.Zone} at once.",
            };
        }
        if (expected.CnameTarget is { } target && !traffic.IsApex)
        {
            yield return new RequiredRecord(Ownership, "CNAME", expected.Hostname, target, tally.Cname!.State(views.Any(static view => view.Through.Count > 0)))
            {
                Alternative = "Proves this name and brings its traffic here, with one record.",
            };
        }
        foreach (var record in TrafficRecords(expected, views, traffic))
            yield return record;
        if (expected.AcmeRecord is { } acme)
        {
            var found = Tally.Of(views, view => view.AcmeAlias is { IsDefinite: true } alias ? CertificateFindings.TargetOf(alias) == acme.Value : null);
            var isWrong = views.Any(static view => view.AcmeAlias is { Records.Count: > 0 } || view.AcmeText is { Outcome: DnsOutcome.Answered });
            yield return new RequiredRecord(Certificate, "CNAME", acme.Name, acme.Value, found.State(isWrong))
            {
                Alternative = expected.NeedsDns01 ? null : "Needed only where certificates are to be proven by DNS.",
            };
        }
    }

    /// <summary>Records to set before anybody looked.</summary>
    public static IReadOnlyList<RequiredRecord> Required(HostnameExpectation expected) =>
        [.. Required(expected, [], OwnershipTally.Of(expected, []), new TrafficView(expected, expected.EdgeAddresses.ToHashSet(), []))];

    /// <summary>What each resolver answered.</summary>
    public static IEnumerable<ObservedRecord> Observed(IEnumerable<ResolverView> views) => views.SelectMany(static view => view.Answers.Select(Observed).Concat(Policy(view)));

    private static IEnumerable<RequiredRecord> TrafficRecords(HostnameExpectation expected, IReadOnlyList<ResolverView> views, TrafficView traffic)
    {
        var either = expected.EdgeName is not null && !traffic.IsApex && traffic.Edge.Count > 0;

        // Whoever points to the tenant's own target has no need of our general name.
        if (expected.EdgeName is { } name && !traffic.IsApex && expected.CnameTarget is null)
        {
            var found = Tally.Of(views, view => TrafficView.LeadsToUs(expected, view) ? true : view.KnowsAddresses ? false : null);
            yield return new RequiredRecord(Traffic, "CNAME", expected.Hostname, name, found.State(views.Any(static view => view.Through.Count > 0)))
            {
                Alternative = either ? "Follows this gateway when its addresses change." : null,
            };
        }
        foreach (var address in traffic.Edge.OrderBy(static address => address.AddressFamily).ThenBy(static address => address.ToString(), StringComparer.Ordinal))
        {
            var isV4 = address.AddressFamily == AddressFamily.InterNetwork;
            DnsAnswer AnswerOf(ResolverView view) => isV4 ? view.V4 : view.V6;
            var found = Tally.Of(views, view => AnswerOf(view) is { IsDefinite: true } answer ? answer.Addresses.Contains(address) : null);
            yield return new RequiredRecord(Traffic, isV4 ? "A" : "AAAA", expected.Hostname, address.ToString(), found.State(views.Any(view => AnswerOf(view).Addresses.Any())))
            {
                Alternative = either ? "Instead of the CNAME record; has to be changed when this gateway moves." : null,
            };
        }
    }

    private static ObservedRecord Observed(DnsAnswer answer) => new(
        answer.Server.ToString(), answer.Name, answer.Type.ToString(), answer.Outcome.ToString(), HostileText.Show(answer.Records.Select(static record => record.Data.Text)))
    {
        TimeToLive = answer.TimeToLive,
        Through = HostileText.Show(answer.Through),
    };

    // Where nothing is said up to the root there is nothing to show.
    private static IEnumerable<ObservedRecord> Policy(ResolverView view) => view.Caa is { Domain: { } domain } caa
        ? [new ObservedRecord(view.Resolver.ToString(), domain, "CAA", (caa.Failure?.Outcome ?? DnsOutcome.Answered).ToString(), HostileText.Show(caa.Records.Select(static record => record.Text)))]
        : [];
}
