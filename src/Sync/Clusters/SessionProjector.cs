using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Resolving;

namespace Gatehouse.Sync.Clusters;

/// <summary>Projects what is compiled into the cluster. Shards are stored before anything follows from them.</summary>
internal sealed partial class SessionProjector(SessionParts parts, SessionState state, NameResolver names)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private long _endedAt;
    private TimeSpan _rest;

    /// <summary>How long until the next projection may begin; null: none is needed.</summary>
    public TimeSpan? Pause => !state.NeedsProjection ? null : _rest - parts.Time.GetElapsedTime(_endedAt) is { Ticks: > 0 } pause ? pause : TimeSpan.Zero;

    public async Task ProjectAsync(SessionObserver observer, CancellationToken cancellationToken)
    {
        if (Pause > TimeSpan.Zero)
            return;
        var began = parts.Time.GetTimestamp();
        var desired = state.Desired!;
        // The Cluster object is gone and this worker about to end: what is in the cluster stays as it is.
        if (!desired.Clusters.ContainsKey(state.Target.Id))
        {
            state.NeedsProjection = false;
            return;
        }
        try
        {
            var projection = desired.Project(new ProjectionInput
            {
                Cluster = state.Target.Name,
                ClusterId = state.Target.Id,
                Capabilities = state.Findings.ToCapabilities(),
                Shards = state.Shards,
                Addresses = state.Addresses,
            });
            await KeepShardsAsync(projection.Shards, cancellationToken);
            foreach (var (apiVersion, kind) in projection.Objects.Select(static one => (one.Id.ApiVersion, one.Id.Kind)).Distinct())
                observer.Ensure(apiVersion, kind);
            Take(projection, desired);
            (state.NeedsProjection, state.ProjectionFailure) = (false, null);

            // Four fifths of the time at most: whatever else there is to do gets its turn.
            _rest = parts.Time.GetElapsedTime(began) / 4;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not LeaseLostException)
        {
            Log.Failed(parts.Logger, state.Target.Name, desired.Revision, failure);
            state.ProjectionFailure = $"What is compiled at revision {desired.Revision} cannot be brought into the cluster now; what was there before stays.";
            _rest = RetryPause;
        }
        _endedAt = parts.Time.GetTimestamp();
    }

    private async Task KeepShardsAsync(ShardAssignments shards, CancellationToken cancellationToken)
    {
        if (AreEqual(shards, state.Shards))
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(parts.Options.Lease.SafeWindow);
        await parts.Fence.PassAsync(patience.Token);
        await parts.Store.SaveShardsAsync(parts.Fence.Lease, shards, patience.Token);
        state.Shards = shards;
    }

    private void Take(ClusterProjection projection, DesiredState desired)
    {
        var touched = state.Book.TouchedSources;
        foreach (var source in projection.Sources.Where(source => state.Projection?.Sources.TryGetValue(source.Key, out var generation) != true || generation != source.Value))
            touched.Add(source.Key);
        touched.UnionWith(state.Projection?.Sources.Keys.Except(projection.Sources.Keys) ?? []);
        var before = (state.Projection?.Problems ?? []).ToHashSet();
        before.SymmetricExceptWith(projection.Problems);
        touched.UnionWith(before.Select(static problem => problem.Source));
        touched.UnionWith(projection.GatewaysOf.Keys);

        state.Projection = projection;
        state.ProjectedRevision = desired.Revision;
        state.Book.TakeDesired(projection);
        names.Want(projection.Names);
    }

    private static bool AreEqual(ShardAssignments one, ShardAssignments other) =>
        ReferenceEquals(one, other)
        || (one.Scopes.Count == other.Scopes.Count && one.Scopes.All(scope => other.Scopes.TryGetValue(scope.Key, out var items)
            && items.Count == scope.Value.Count && scope.Value.All(item => items.TryGetValue(item.Key, out var shard) && shard == item.Value)));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Projecting revision {Revision} into cluster {Cluster} failed; what was there before stays")]
        public static partial void Failed(ILogger logger, string cluster, long revision, Exception failure);
    }
}
