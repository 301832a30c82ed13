using Gatehouse.Control.Compiling;
using Gatehouse.Control.Replicas;
using Gatehouse.Control.Status.Clusters;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>Everything that the status of one object is derived from, taken at one moment.</summary>
/// <param name="Compiled">What the compiler says.</param>
/// <param name="Since">Since when that holds.</param>
/// <param name="Snapshot">All that is compiled.</param>
/// <param name="Replicas">Connected replicas of the pools of data planes that serve the object, by pool.</param>
internal sealed record ObjectView(
    ResourceStatus Compiled, EffectiveSince Since, Snapshot Snapshot, IReadOnlyDictionary<string, IReadOnlyList<ReplicaState>> Replicas)
{
    /// <summary>Of a certificate: why its private key cannot be read; null: nothing is known to be wrong.</summary>
    public string? KeyFault { get; init; }

    /// <summary>What is known of the object in each cluster that it concerns.</summary>
    public IReadOnlyList<ClusterView> Clusters { get; init; } = [];

    /// <summary>Whether any pool of data planes serves it.</summary>
    public bool HasDataPlanes => Replicas.Count > 0;

    public Condition? Find(string type) => Compiled.Conditions.FirstOrDefault(condition => condition.Type == type);
}
