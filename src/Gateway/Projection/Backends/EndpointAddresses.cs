using System.Net;
using System.Net.Sockets;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Backends;

/// <summary>
/// The addresses of a Backend's endpoints, as far as they may be reached from the cluster. EndpointSlices lead a controller anywhere, past
/// network policies and grants: only public addresses and what the operator has listed are written into them.
/// </summary>
internal static class EndpointAddresses
{
    // RFC 1918, 6598, 4193, and what is reserved (RFC 6890): nothing there is public.
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("64:ff9b:1::/48"),
    ];

    // Kubernetes refuses these itself, or they are nobody's.
    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::1/128"), IPNetwork.Parse("::/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>The addresses of one endpoint; empty: none may be used, which the Backend is told.</summary>
    public static IReadOnlyList<IPAddress> Of(BackendEndpoint endpoint, ResourceKey backend, ProjectionRun run)
    {
        if (IpText.TryParse(endpoint.Address, out var literal))
            return IsAllowed(literal, endpoint.Address, backend, run) ? [literal] : [];
        if (!run.Input.Addresses.TryGetValue(endpoint.Address, out var found))
        {
            run.Report(backend, ProblemSeverity.Approximate, ProjectionReasons.NameNotResolved, $"`{endpoint.Address}` is not resolved yet for cluster `{run.Cluster.Name}`.");
            return [];
        }
        if (found.Count == 0)
            run.Report(backend, ProblemSeverity.Approximate, ProjectionReasons.NameNotResolved, $"`{endpoint.Address}` has no address, so cluster `{run.Cluster.Name}` sends nothing there: its owner must mend the DNS name.");
        return [.. found.Select(static text => IPAddress.Parse(text)).Where(address => IsAllowed(address, endpoint.Address, backend, run))];
    }

    private static bool IsAllowed(IPAddress address, string written, ResourceKey backend, ProjectionRun run)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var name = written == address.ToString() ? $"`{written}`" : $"`{written}` ({address})";
        if (Never.Any(range => range.Contains(plain)) || plain.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            run.Report(backend, ProblemSeverity.Approximate, ProjectionReasons.AddressNotAllowed,
                $"{name} cannot be an endpoint in cluster `{run.Cluster.Name}`: Kubernetes takes no loopback, link-local or multicast address. Name an address that the cluster reaches.");
            return false;
        }
        if (!Private.Any(range => range.Contains(plain)) || (run.Cluster.Spec.BackendAllow ?? []).Any(range => IPNetwork.TryParse(range, out var network) ? network.Contains(plain) : IPAddress.TryParse(range, out var single) && single.Equals(plain)))
            return true;
        run.Report(backend, ProblemSeverity.Approximate, ProjectionReasons.AddressNotAllowed,
            $"{name} is a private address, which Backends may not reach from cluster `{run.Cluster.Name}`: a platform admin must list its range in backendAllow of the Cluster.");
        return false;
    }
}
