using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolved;

/// <summary>What the compiler resolved for clusters: what their projections start from. Immutable; empty where there are no clusters.</summary>
public sealed class ResolvedModel
{
    internal ResolvedModel(IReadOnlyDictionary<ResourceKey, ResolvedObject> objects, IReadOnlyList<ResolvedCluster> clusters) => (Objects, Clusters) = (objects, clusters);

    /// <summary>All clusters, by name.</summary>
    public IReadOnlyList<ResolvedCluster> Clusters { get; }

    /// <summary>Nothing.</summary>
    public static ResolvedModel Empty { get; } = new(new Dictionary<ResourceKey, ResolvedObject>(), []);

    internal IReadOnlyDictionary<ResourceKey, ResolvedObject> Objects { get; }
}

/// <summary>A cluster.</summary>
/// <param name="Name">Name of the Cluster object.</param>
/// <param name="Id">Its id.</param>
/// <param name="Spec">Its spec.</param>
/// <param name="Generation">Its generation.</param>
public sealed record ResolvedCluster(string Name, Guid Id, ClusterSpec Spec, long Generation);
