using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Control.Replicas;
using Gatehouse.Control.Status.Clusters;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>Gathers what the status of an object is derived from.</summary>
internal sealed class ObjectViews(ReplicaRegistry replicas, PrivateKeyFaults keyFaults, IClusterReports clusters)
{
    public ObjectView Of(ResourceStatus compiled, EffectiveSince since, Snapshot snapshot, DateTimeOffset now)
    {
        var key = compiled.Key;
        var connected = compiled.Pools.Where(pool => ClusterPool.ClusterOf(pool) is null).ToDictionary(pool => pool, replicas.Connected, StringComparer.Ordinal);
        return new ObjectView(compiled, since, snapshot, connected)
        {
            KeyFault = key.Kind == ResourceKind.Certificate ? keyFaults.Of($"{key.Tenant}/{key.Name}") : null,
            Clusters = [.. ClustersOf(compiled, snapshot).Select(cluster => new ClusterView(cluster.Name, compiled, clusters.Of(cluster.Name), cluster.Report, now))],
        };
    }

    /// <summary>The clusters that serve an object, and those that have something of it nevertheless: grants, and what is held or about to go.</summary>
    private IEnumerable<(string Name, ClusterObjectReport? Report)> ClustersOf(ResourceStatus compiled, Snapshot snapshot) =>
        from name in compiled.Pools.Concat(snapshot.Pools.Keys).Select(ClusterPool.ClusterOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)
        let report = clusters.Of(name, compiled.Key)
        where compiled.Pools.Contains(ClusterPool.NameOf(name)) || report is { Objects.Count: > 0 } or { Problems.Count: > 0 }
        select (name, report);
}
