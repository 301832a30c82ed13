using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>Where no sync worker can report: nothing is known of any cluster.</summary>
internal sealed class NoClusterReports : IClusterReports
{
    public ClusterReport? Of(string cluster) => null;

    public ClusterObjectReport? Of(string cluster, ResourceKey key) => null;
}
