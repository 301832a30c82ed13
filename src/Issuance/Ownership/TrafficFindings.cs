using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Why a name's traffic does not come here.</summary>
internal sealed class TrafficFindings(HostnameExpectation expected, IReadOnlyList<ResolverView> views, TrafficView traffic)
{
    /// <summary>Problems, the most urgent first.</summary>
    public IEnumerable<HostnameProblem> Find()
    {
        if (traffic.IsApex && views.FirstOrDefault(static view => view.Through.Count > 0) is { } aliased)
            yield return CnameAtApex($"{expected.Base} is the apex of its zone and has a CNAME record to {HostileText.Quote(aliased.Through[0])}, which resolvers may not believe.");
        if (traffic.IsSplit)
        {
            yield return Disagreement();
            yield break;
        }
        foreach (var problem in traffic.Place switch
        {
            Place.Nowhere => [Nowhere(traffic.Spokesman!)],
            Place.Mixed or Place.Elsewhere => Foreign(traffic.Spokesman!),

            // Our own addresses are not known, but some are nobody's server.
            Place.Unknown when traffic.Edge.Count == 0 => views.Select(view => Suspicious(view.Addresses)).OfType<HostnameProblem>().Take(1),
            _ => [],
        })
            yield return problem;
    }

    /// <summary>What to set, in words.</summary>
    private string Wanted()
    {
        var addresses = string.Join(", ", traffic.Edge.Take(6).Select(static address => $"{(address.AddressFamily == AddressFamily.InterNetwork ? "A" : "AAAA")} {address}"));
        return (expected.EdgeName, traffic.IsApex, addresses.Length > 0) switch
        {
            ({ } name, false, _) => $"Set one record at {expected.Hostname}: CNAME {expected.CnameTarget ?? name}.",
            (_, _, true) => $"Set these records at {expected.Hostname} and no others of these types: {addresses}.",
            ({ } name, true, false) => $"Set address records at {expected.Hostname} with the addresses of {name}, or what the DNS provider calls ALIAS, ANAME or flattening.",
            _ => "Ask the platform team for the gateway's addresses.",
        };
    }

    private static HostnameProblem Problem(string code, string message, string nextStep, string actor = Actors.Tenant) => new(code, actor, message, nextStep);

    private HostnameProblem CnameAtApex(string message) => Problem(
        ProblemCodes.CnameAtApex, message,
        $"The apex of a zone must have address records (RFC 1912 2.4). {Wanted()}");

    private HostnameProblem Disagreement()
    {
        var wait = traffic.Known.Where(static one => one.Place != Place.Here).Max(static one => one.View.TimeToLive);
        var here = traffic.Known.Count(static one => one.Place == Place.Here);
        return Problem(
            ProblemCodes.ResolversDisagree,
            string.Create(CultureInfo.InvariantCulture, $"Resolvers see different addresses for {expected.Hostname}: {here} of {traffic.Known.Count} see this gateway's alone{(wait is null ? "" : $"; the others look again within {wait} s")}."),
            "Wait: a change reaches everybody when what resolvers remember has expired. If it stays like this, see whether all of the zone's name servers have the same records.",
            Actors.Nobody);
    }

    private HostnameProblem Nowhere(ResolverView view)
    {
        if (view.Through.Count > 0)
            return TrafficView.LeadsToUs(expected, view)
                ? Problem(ProblemCodes.AddressMissing, $"{expected.Hostname} leads to {HostileText.Quote(view.Through[^1])} as it should, and that has no address.", "The platform team must give the gateway's name its addresses.", Actors.Platform)
                : Problem(ProblemCodes.CnameWrongTarget, $"{expected.Hostname} is a CNAME record that leads to {HostileText.Quote(view.Through[^1])}, which has no address.", Wanted());
        if (expected.EdgeName is null)
            return Problem(ProblemCodes.AddressMissing, $"{expected.Hostname} has neither A nor AAAA records.", Wanted());
        return traffic.IsApex
            ? CnameAtApex($"{expected.Base} has no address, and as the apex of its zone it cannot have a CNAME record.")
            : Problem(ProblemCodes.CnameMissing, $"{expected.Hostname} has no CNAME record and no address.", Wanted());
    }

    private IEnumerable<HostnameProblem> Foreign(ResolverView view)
    {
        IPAddress[] foreign = [.. view.Addresses.Where(address => !traffic.Edge.Contains(address))];
        if (Suspicious(foreign) is { } suspicious)
            return [suspicious];
        var listed = HostileText.Quote(foreign.Select(static address => address.ToString()));
        if (traffic.Place == Place.Elsewhere)
            return [view.Through.Count > 0
                ? Problem(ProblemCodes.CnameWrongTarget, $"{expected.Hostname} is a CNAME record that leads to {HostileText.Quote(view.Through[^1])}, not to this gateway.", Wanted())
                : Problem(ProblemCodes.AddressElsewhere, $"{expected.Hostname} leads to {listed}, not to this gateway.", Wanted())];
        return [view.V4.Addresses.All(traffic.Edge.Contains) && !view.V6.Addresses.Any(traffic.Edge.Contains)
            ? Problem(ProblemCodes.StaleAaaa, $"The A records of {expected.Hostname} lead here, its AAAA records to {listed}: visitors with IPv6 go elsewhere.", $"Remove the AAAA records. {Wanted()}")
            : Problem(ProblemCodes.AddressPartlyElsewhere, $"Some addresses of {expected.Hostname} are not this gateway's: {listed}.", $"Remove those. {Wanted()}")];
    }

    private HostnameProblem? Suspicious(IReadOnlyCollection<IPAddress> addresses)
    {
        if (addresses.FirstOrDefault(AddressRanges.IsPrivate) is { } inner)
            return Problem(ProblemCodes.PrivateAddress, $"{expected.Hostname} leads to {inner}, which cannot be reached from the Internet.", Wanted());
        return addresses.Select(AddressRanges.ProxyOf).FirstOrDefault(static owner => owner is not null) is { } proxy
            ? Problem(
                ProblemCodes.ProxyInFront,
                $"{expected.Hostname} leads to {proxy}, a proxy: whether that passes requests on to this gateway cannot be seen from outside.",
                "If the proxy is wanted, let it pass /.well-known/acme-challenge/ unchanged or use DNS-01, and check its certificate there. Otherwise switch it off for this name (\"DNS only\").")
            : null;
    }
}
