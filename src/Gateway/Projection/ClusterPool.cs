namespace Gatehouse.Gateway.Projection;

/// <summary>
/// Names of the pools that stand for clusters: what is compiled for a cluster lies in match tables as what is compiled for data planes does,
/// so that explain and overlaps speak of both. No pool of data planes can have such a name.
/// </summary>
public static class ClusterPool
{
    private const string Prefix = "kubernetes:";

    /// <summary>Pool of a cluster.</summary>
    public static string NameOf(string cluster) => Prefix + cluster;

    /// <summary>Whether a pool stands for a cluster.</summary>
    public static bool IsCluster(string pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return pool.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>The cluster that a pool stands for; null: it is a pool of data planes.</summary>
    public static string? ClusterOf(string pool) => IsCluster(pool) ? pool[Prefix.Length..] : null;
}
