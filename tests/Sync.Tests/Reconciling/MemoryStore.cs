using System.Collections.Concurrent;
using System.Text.Json;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>What workers keep, in memory, fenced as Postgres does it; can be away.</summary>
internal sealed class MemoryStore(TimeProvider time) : IClusterStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (string Holder, long Epoch, long Since, TimeSpan Duration)> _leases = [];
    private readonly Dictionary<Guid, ShardAssignments> _shards = [];
    private readonly Dictionary<Guid, ClusterReport> _reports = [];
    private readonly Dictionary<Guid, Dictionary<ResourceKey, ClusterObjectReport>> _objects = [];
    private readonly ConcurrentQueue<ClusterTask> _tasks = new();

    /// <summary>Whether Postgres does not answer.</summary>
    public bool IsAway { get; set; }

    /// <summary>Answers of <see cref="ChangedSinceAsync"/>.</summary>
    public IReadOnlySet<ResourceKey>? ChangedSince { get; set; } = new HashSet<ResourceKey>();

    public Dictionary<ResourceKey, byte[]> PrivateKeys { get; } = [];

    public ConcurrentDictionary<Guid, string> Answers { get; } = [];

    /// <summary>How often reports were stored, and how many of objects.</summary>
    public (int Times, int Objects) Saved { get; private set; }

    public ClusterReport? Report(Guid cluster)
    {
        lock (_gate)
            return _reports.GetValueOrDefault(cluster);
    }

    public ClusterObjectReport? Report(Guid cluster, ResourceKey key)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(cluster)?.GetValueOrDefault(key);
    }

    public Guid Ask(string kind, string request)
    {
        var task = new ClusterTask(Guid.NewGuid(), kind, request);
        _tasks.Enqueue(task);
        return task.Id;
    }

    public Task<ClusterLease?> AcquireAsync(Guid cluster, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        Check();
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var isHeld = _leases.TryGetValue(cluster, out var held);
            if (isHeld && held.Holder != holder && time.GetElapsedTime(held.Since) < held.Duration)
                return Task.FromResult<ClusterLease?>(null);
            var epoch = isHeld && held.Holder == holder ? held.Epoch : held.Epoch + 1;
            _leases[cluster] = (holder, epoch, now, duration);
            return Task.FromResult<ClusterLease?>(new ClusterLease(cluster, holder, epoch, now));
        }
    }

    public Task ReleaseAsync(ClusterLease lease, CancellationToken cancellationToken)
    {
        Check();
        lock (_gate)
        {
            if (_leases.TryGetValue(lease.Cluster, out var held) && held.Epoch == lease.Epoch)
                _leases[lease.Cluster] = held with { Holder = "", Duration = TimeSpan.Zero };
        }
        return Task.CompletedTask;
    }

    public Task<byte[]?> KubeconfigAsync(Guid cluster, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public Task<IReadOnlyDictionary<ResourceKey, byte[]>> PrivateKeysAsync(IReadOnlyCollection<CertificateKeyWanted> certificates, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<ResourceKey, byte[]>>(certificates.Where(wanted => PrivateKeys.ContainsKey(wanted.Key)).ToDictionary(wanted => wanted.Key, wanted => PrivateKeys[wanted.Key].ToArray()));

    public Task<ShardAssignments> ShardsAsync(Guid cluster, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_shards.GetValueOrDefault(cluster, ShardAssignments.None));
    }

    public Task SaveShardsAsync(ClusterLease lease, ShardAssignments shards, CancellationToken cancellationToken) => Under(lease, () => _shards[lease.Cluster] = shards);

    public Task<IReadOnlyDictionary<ResourceKey, ClusterObjectReport>> ReportsAsync(Guid cluster, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyDictionary<ResourceKey, ClusterObjectReport>>(new Dictionary<ResourceKey, ClusterObjectReport>(_objects.GetValueOrDefault(cluster) ?? []));
    }

    public Task<ClusterReport?> ReportAsync(Guid cluster, CancellationToken cancellationToken) => Task.FromResult(Report(cluster));

    public Task SaveReportsAsync(ClusterLease lease, ClusterReport report, IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> changed, CancellationToken cancellationToken) => Under(lease, () =>
    {
        Saved = (Saved.Times + 1, Saved.Objects + changed.Count);
        _reports[lease.Cluster] = Copy(report)!;
        if (!_objects.TryGetValue(lease.Cluster, out var objects))
            _objects[lease.Cluster] = objects = [];
        foreach (var (key, one) in changed)
        {
            if (one is null)
                objects.Remove(key);
            else
                objects[key] = Copy(one)!;
        }
    });

    public Task<IReadOnlySet<ResourceKey>?> ChangedSinceAsync(long revision, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult(ChangedSince);
    }

    public Task<ClusterTask?> NextTaskAsync(ClusterLease lease, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult(_tasks.TryPeek(out var task) ? task : null);
    }

    public Task AnswerAsync(ClusterLease lease, Guid id, string answer, CancellationToken cancellationToken) => Under(lease, () =>
    {
        Answers[id] = answer;
        _tasks.TryDequeue(out _);
    });

    public Task WaitForTasksAsync(TimeSpan longest, CancellationToken cancellationToken) => Task.Delay(50, cancellationToken);

    private Task Under(ClusterLease lease, Action write)
    {
        Check();
        lock (_gate)
        {
            if (!_leases.TryGetValue(lease.Cluster, out var held) || held.Epoch != lease.Epoch || held.Holder != lease.Holder)
                throw new LeaseLostException(lease.Cluster, lease.Epoch);
            write();
        }
        return Task.CompletedTask;
    }

    private void Check()
    {
        if (IsAway)
            throw new IOException("The database is away.");
    }

    // As Postgres: what is stored is not what the caller goes on to hold.
    private static T? Copy<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.SerializeToUtf8Bytes(value));
}
