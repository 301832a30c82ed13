using System.Net;
using Gatehouse.Dns;
using Gatehouse.Dns.Caa;

namespace Gatehouse.Issuance.Ownership;

/// <summary>What one resolver says about a hostname.</summary>
/// <param name="Resolver">Which one.</param>
/// <param name="Claim">TXT of the claim's record.</param>
/// <param name="Domains">TXT of each domain's record, as they are expected.</param>
/// <param name="V4">A of the name.</param>
/// <param name="V6">AAAA of the name.</param>
/// <param name="Start">SOA of the base.</param>
/// <param name="Caa">Whether certificates may be issued; null: not asked.</param>
/// <param name="AcmeAlias">CNAME at <c>_acme-challenge</c>; null: not asked.</param>
/// <param name="AcmeText">TXT there, or where its alias leads; null: not asked.</param>
internal sealed record ResolverView(
    DnsServer Resolver, DnsAnswer Claim, IReadOnlyList<DnsAnswer> Domains, DnsAnswer V4, DnsAnswer V6, DnsAnswer Start, CaaVerdict? Caa, DnsAnswer? AcmeAlias, DnsAnswer? AcmeText)
{
    /// <summary>Targets of the name's aliases.</summary>
    public IReadOnlyList<string> Through => V4.Through.Count >= V6.Through.Count ? V4.Through : V6.Through;

    /// <summary>The name's addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; } = [.. V4.Addresses, .. V6.Addresses];

    /// <summary>Whether it knows which addresses the name has.</summary>
    public bool KnowsAddresses => (V4.IsDefinite && V6.IsDefinite) || Addresses.Count > 0;

    /// <summary>Seconds after which it looks again for the name's addresses; null: it did not say.</summary>
    public long? TimeToLive => V4.TimeToLive is { } v4 && V6.TimeToLive is { } v6 ? Math.Max(v4, v6) : V4.TimeToLive ?? V6.TimeToLive;

    /// <summary>All answers that say something about the names in question.</summary>
    public IEnumerable<DnsAnswer> Answers =>
        ((DnsAnswer?[])[Claim, .. Domains, V4, V6, Start, AcmeAlias, AcmeText]).OfType<DnsAnswer>();
}
