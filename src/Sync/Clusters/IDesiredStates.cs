using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Sync.Clusters;

/// <summary>What is compiled, as the workers see it: the one place where they learn what clusters should have.</summary>
internal interface IDesiredStates
{
    /// <summary>The newest state; null: nothing is loaded yet.</summary>
    DesiredState? Current { get; }

    /// <summary>Waits for a state of a later revision.</summary>
    /// <param name="revision">Revision that is known; -1: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<DesiredState> AfterAsync(long revision, CancellationToken cancellationToken);
}

/// <summary>What all clusters should have at one revision. Immutable.</summary>
/// <param name="Revision">Revision.</param>
/// <param name="IsComplete">Whether everything stored could be read: otherwise what is missing may be missing by mistake.</param>
/// <param name="Clusters">Clusters by id.</param>
/// <param name="Project">Projects it into a cluster.</param>
internal sealed record DesiredState(
    long Revision,
    bool IsComplete,
    IReadOnlyDictionary<Guid, ClusterTarget> Clusters,
    Func<ProjectionInput, ClusterProjection> Project);

/// <summary>A Cluster object.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">Name.</param>
/// <param name="Generation">Grows when spec or credentials change.</param>
/// <param name="Spec">Spec.</param>
internal sealed record ClusterTarget(Guid Id, string Name, long Generation, ClusterSpec Spec)
{
    /// <summary>Most writes a second.</summary>
    public int WritesPerSecond => Math.Clamp(Spec.MaxWritesPerSecond ?? 200, 1, 5_000);
}
