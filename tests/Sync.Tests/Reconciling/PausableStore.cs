using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>One worker's way to Postgres, which can stand still.</summary>
internal sealed class PausableStore(IClusterStore store) : IClusterStore
{
    private volatile bool _isPaused;

    public bool IsPaused { get => _isPaused || PausesAfter(); set => _isPaused = value; }

    /// <summary>Whether it stands still by itself.</summary>
    public Func<bool> PausesAfter { get; init; } = static () => false;

    public Task<ClusterLease?> AcquireAsync(Guid cluster, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        AfterAsync(() => store.AcquireAsync(cluster, holder, duration, cancellationToken), cancellationToken);

    public Task ReleaseAsync(ClusterLease lease, CancellationToken cancellationToken) => store.ReleaseAsync(lease, cancellationToken);

    public Task<byte[]?> KubeconfigAsync(Guid cluster, CancellationToken cancellationToken) => store.KubeconfigAsync(cluster, cancellationToken);

    public Task<IReadOnlyDictionary<ResourceKey, byte[]>> PrivateKeysAsync(IReadOnlyCollection<CertificateKeyWanted> certificates, CancellationToken cancellationToken) =>
        store.PrivateKeysAsync(certificates, cancellationToken);

    public Task<ShardAssignments> ShardsAsync(Guid cluster, CancellationToken cancellationToken) => store.ShardsAsync(cluster, cancellationToken);

    public Task SaveShardsAsync(ClusterLease lease, ShardAssignments shards, CancellationToken cancellationToken) => store.SaveShardsAsync(lease, shards, cancellationToken);

    public Task<IReadOnlyDictionary<ResourceKey, ClusterObjectReport>> ReportsAsync(Guid cluster, CancellationToken cancellationToken) => store.ReportsAsync(cluster, cancellationToken);

    public Task<ClusterReport?> ReportAsync(Guid cluster, CancellationToken cancellationToken) => store.ReportAsync(cluster, cancellationToken);

    public Task SaveReportsAsync(ClusterLease lease, ClusterReport report, IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> changed, CancellationToken cancellationToken) =>
        AfterAsync(async () =>
        {
            await store.SaveReportsAsync(lease, report, changed, cancellationToken);
            return true;
        }, cancellationToken);

    public Task<IReadOnlySet<ResourceKey>?> ChangedSinceAsync(long revision, CancellationToken cancellationToken) => store.ChangedSinceAsync(revision, cancellationToken);

    public Task<ClusterTask?> NextTaskAsync(ClusterLease lease, CancellationToken cancellationToken) => AfterAsync(() => store.NextTaskAsync(lease, cancellationToken), cancellationToken);

    public Task AnswerAsync(ClusterLease lease, Guid id, string answer, CancellationToken cancellationToken) => store.AnswerAsync(lease, id, answer, cancellationToken);

    public Task WaitForTasksAsync(TimeSpan longest, CancellationToken cancellationToken) => store.WaitForTasksAsync(longest, cancellationToken);

    private async Task<T> AfterAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        while (IsPaused)
            await Task.Delay(20, cancellationToken);
        return await ask();
    }
}
