using Gatehouse.Dns;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Which of the records that may prove a name are there.</summary>
/// <param name="Claim">The claim's own record.</param>
/// <param name="Domains">Each domain's record.</param>
/// <param name="Cname">The chain through the tenant's target; null: there is no such target.</param>
internal sealed record OwnershipTally(Tally Claim, IReadOnlyList<(DomainProof Record, Tally Tally)> Domains, Tally? Cname)
{
    /// <summary>The proof, the narrowest first.</summary>
    public HostnameProof? Proof =>
        Claim.IsShown ? new HostnameProof("Txt", null)
        : Cname is { IsShown: true } ? new HostnameProof("Cname", null)
        : Domains.FirstOrDefault(static domain => domain.Tally.IsShown).Record is { } record ? new HostnameProof("Domain", record.Zone)
        : null;

    /// <summary>Whether the proof or its absence can be acted on.</summary>
    public bool IsDefinite => Proof is not null || (Claim.IsDecided && Cname is null or { IsDecided: true } && Domains.All(static domain => domain.Tally.IsDecided));

    /// <summary>Counts what resolvers show.</summary>
    public static OwnershipTally Of(HostnameExpectation expected, IReadOnlyCollection<ResolverView> views) => new(
        Tally.Of(views, view => Shows(view.Claim, expected.ClaimRecord.Value)),
        [.. expected.DomainRecords.Take(Survey.MaxDomains).Select((record, i) => (record, Tally.Of(views, view => Shows(view.Domains[i], record.Value))))],
        expected.CnameTarget is { } target ? Tally.Of(views, view => LeadsThrough(view, target)) : null);

    // Only the whole value counts: a part of it, or it among other text, may be somebody else's quotation.
    private static bool? Shows(DnsAnswer answer, string value) => answer.IsDefinite ? answer.Texts.Contains(value, StringComparer.Ordinal) : null;

    private static bool? LeadsThrough(ResolverView view, string target) =>
        view.V4.Through.Concat(view.V6.Through).Contains(target, StringComparer.Ordinal) ? true
        : view.V4.IsDefinite || view.V6.IsDefinite ? false
        : null;
}
