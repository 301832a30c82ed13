using Gatehouse.Gateway.Compilation.Attach;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>
/// Which of several routes for one name is asked first, whatever their matches say: the one with the most characters "in a matching
/// non-wildcard hostname", then "in a matching hostname" (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec, hostnames).
/// </summary>
/// <remarks>Only a listener's hostname can bring routes of different hostnames to one name: they then share what they have in common with it.</remarks>
internal readonly record struct HostnamePrecedence(int Exact, int Wildcard) : IComparable<HostnamePrecedence>
{
    /// <summary>How specifically a route names a host.</summary>
    public static HostnamePrecedence Of(CompiledRoute route, string host)
    {
        var best = default(HostnamePrecedence);
        foreach (var hostname in route.Hostnames)
        {
            if (hostname == HostnameSet.Any || !HostnameSet.Covers(hostname, host))
                continue;
            var candidate = HostnameSet.IsWildcard(hostname) ? new HostnamePrecedence(0, hostname.Length) : new HostnamePrecedence(hostname.Length, 0);
            if (candidate.CompareTo(best) < 0)
                best = candidate;
        }
        return best;
    }

    /// <summary>The more specific one comes first.</summary>
    public int CompareTo(HostnamePrecedence other) =>
        Exact != other.Exact ? other.Exact.CompareTo(Exact) : other.Wildcard.CompareTo(Wildcard);
}
