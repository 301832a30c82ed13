using System.Collections.Concurrent;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Clusters;

/// <summary>What sync workers reported, of whichever process; <see cref="ClusterReportSync"/> keeps it up to date.</summary>
public sealed class ClusterReports : IClusterReports
{
    private readonly ConcurrentDictionary<string, KnownCluster> _clusters = new(StringComparer.Ordinal);

    internal ClusterReports()
    {
    }

    /// <summary>Names of the clusters that a worker has reported on.</summary>
    public IReadOnlyCollection<string> Names => [.. _clusters.Keys];

    /// <inheritdoc />
    public ClusterReport? Of(string cluster) => _clusters.GetValueOrDefault(cluster)?.Report;

    /// <inheritdoc />
    public ClusterObjectReport? Of(string cluster, ResourceKey key) => _clusters.GetValueOrDefault(cluster)?.Objects.GetValueOrDefault(key);

    internal KnownCluster? Find(string cluster) => _clusters.GetValueOrDefault(cluster);

    internal void Set(string cluster, KnownCluster known) => _clusters[cluster] = known;

    /// <summary>Forgets the clusters that are gone; whether there were any.</summary>
    internal bool Keep(IReadOnlySet<string> clusters)
    {
        var gone = _clusters.Keys.Where(name => !clusters.Contains(name)).ToList();
        gone.ForEach(name => _clusters.TryRemove(name, out _));
        return gone.Count > 0;
    }
}

/// <summary>What is known of one cluster. The reader changes <see cref="Objects"/> in place, one object at a time.</summary>
/// <param name="Id">Id of the Cluster: a new cluster of the same name is another one.</param>
/// <param name="Stored">The text that <paramref name="Report"/> was read from.</param>
/// <param name="StoredAt">When it was stored, by the database's clock.</param>
/// <param name="Change">Number of the last change of an object that was read.</param>
/// <param name="Report">Report.</param>
internal sealed record KnownCluster(Guid Id, string Stored, DateTimeOffset StoredAt, long Change, ClusterReport Report)
{
    /// <summary>Objects.</summary>
    public ConcurrentDictionary<ResourceKey, ClusterObjectReport> Objects { get; init; } = new();
}
