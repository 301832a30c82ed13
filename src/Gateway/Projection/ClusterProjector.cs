using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Backends;
using Gatehouse.Gateway.Projection.Gateways;
using Gatehouse.Gateway.Projection.Materials;
using Gatehouse.Gateway.Projection.Routes;

namespace Gatehouse.Gateway.Projection;

/// <summary>
/// Writes what the compiler resolved for a cluster as Gateway API objects. Pure: no clock, no I/O; equal input gives byte-identical objects. What
/// the cluster cannot express becomes a problem of the stored object, and is never dropped silently.
/// </summary>
public static class ClusterProjector
{
    /// <summary>Projects everything that concerns a cluster.</summary>
    /// <param name="resolved">What is resolved.</param>
    /// <param name="input">What is known of the cluster.</param>
    /// <exception cref="ArgumentException">There is no such cluster.</exception>
    public static ClusterProjection Project(ResolvedModel resolved, ProjectionInput input)
    {
        ArgumentNullException.ThrowIfNull(resolved);
        ArgumentNullException.ThrowIfNull(input);
        var cluster = resolved.Clusters.FirstOrDefault(candidate => candidate.Name == input.Cluster)
            ?? throw new ArgumentException($"There is no cluster `{input.Cluster}`.", nameof(input));
        var run = new ProjectionRun(resolved, cluster, input);
        var materials = new MaterialProjection(run);
        var tls = new BackendTlsProjection(run, materials);
        var backends = new BackendProjection(run, tls);
        var gateways = new GatewayProjection(run, materials);
        gateways.AddObjects();
        tls.AddPolicies();
        backends.AddObjects();
        new RouteProjection(run, gateways, new ReferenceWriter(run, backends, tls, materials)).AddObjects();
        materials.AddObjects();
        run.Namespaces.AddObjects(resolved.Objects.Values.Select(static found => found.Key.Tenant));
        return new ClusterProjection
        {
            Objects = [.. run.Objects],
            Problems = [.. run.Problems],
            Shards = run.Shards,
            GatewaysOf = gateways.GatewaysOf,
            ListenersOf = gateways.ListenersOf,
            ClientPorts = gateways.ClientPorts,
            Namespaces = run.Namespaces.OfAll(resolved.Objects.Values.Select(static found => found.Key.Tenant)),
            Names = backends.Names,
            Sources = run.Sources,
        };
    }
}
