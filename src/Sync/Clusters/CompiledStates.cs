using Gatehouse.Control.Compiling;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Sync.Clusters;

/// <summary>What Control compiles. A projection never reinterprets it.</summary>
internal sealed class CompiledStates(CompileHost host) : IDesiredStates
{
    public DesiredState? Current => host.Current is { IsLoaded: true } state ? Of(state) : null;

    public async Task<DesiredState> AfterAsync(long revision, CancellationToken cancellationToken) => Of(await host.WaitForRevisionAsync(revision + 1, cancellationToken));

    private static DesiredState Of(CompileState state)
    {
        var resolved = state.Snapshot.Resolved;
        return new DesiredState(
            state.Revision,
            state.IsComplete,
            resolved.Clusters.ToDictionary(static cluster => cluster.Id, static cluster => new ClusterTarget(cluster.Id, cluster.Name, cluster.Generation, cluster.Spec)),
            input => ClusterProjector.Project(resolved, input));
    }
}
