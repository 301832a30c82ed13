using System.Net;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Backends;

/// <summary>
/// The addresses of a Backend's endpoints, as far as they may be reached from the cluster. EndpointSlices lead a controller anywhere, past
/// network policies and grants: only public addresses and what the operator has listed are written into them.
/// </summary>
internal static class EndpointAddresses
{
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
        if (OutsideAddresses.IsAllowed(address, run.Cluster.Spec.BackendAllow ?? []))
            return true;
        var name = written == address.ToString() ? $"`{written}`" : $"`{written}` ({address})";
        run.Report(backend, ProblemSeverity.Approximate, ProjectionReasons.AddressNotAllowed, OutsideAddresses.IsUsable(address)
            ? $"{name} is a private address, which Backends may not reach from cluster `{run.Cluster.Name}`: a platform admin must list its range in backendAllow of the Cluster."
            : $"{name} cannot be an endpoint in cluster `{run.Cluster.Name}`: Kubernetes takes no loopback, link-local or multicast address. Name an address that the cluster reaches.");
        return false;
    }
}
