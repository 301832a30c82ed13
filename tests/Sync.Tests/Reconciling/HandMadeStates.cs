using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>Compiled states as a test wants them.</summary>
internal sealed class HandMadeStates : IDesiredStates
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DesiredState? _current;

    public DesiredState? Current
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    public async Task<DesiredState> AfterAsync(long revision, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_current is { } state && state.Revision > revision)
                    return state;
                next = _next.Task;
            }
            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The next revision.</summary>
    public long Set(IReadOnlyList<ClusterTarget> clusters, Func<ProjectionInput, ClusterProjection> project, bool isComplete = true)
    {
        lock (_gate)
        {
            _current = new DesiredState((_current?.Revision ?? 0) + 1, isComplete, clusters.ToDictionary(cluster => cluster.Id), project);
            var next = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            next.SetResult();
            return _current.Revision;
        }
    }

    public static ClusterProjection Projection(IEnumerable<ProjectedObject> objects, IReadOnlySet<string>? names = null, ShardAssignments? shards = null)
    {
        var ordered = objects.OrderBy(one => one.Id).ToList();
        return new ClusterProjection
        {
            Objects = ordered,
            Problems = [],
            Shards = shards ?? ShardAssignments.None,
            GatewaysOf = new Dictionary<ResourceKey, IReadOnlyList<ProjectedId>>(),
            Names = names ?? new HashSet<string>(),
            Sources = ordered.GroupBy(one => one.Source).ToDictionary(group => group.Key, group => group.First().SourceGeneration),
        };
    }
}
