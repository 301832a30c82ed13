using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Clusters;

/// <summary>What sync workers reported, as far as this process knows; kept in memory and followed.</summary>
public interface IClusterReports
{
    /// <summary>What is known of a cluster; null: no worker has reported.</summary>
    /// <param name="cluster">Name of the Cluster object.</param>
    ClusterReport? Of(string cluster);

    /// <summary>What is known of an object in a cluster; null: nothing.</summary>
    ClusterObjectReport? Of(string cluster, ResourceKey key);
}
