using System.Text.Json;
using Gatehouse.Sync.Clusters;

namespace Gatehouse.Sync.Tasks;

/// <summary>Carries out tasks of one kind.</summary>
internal interface IClusterTaskHandler
{
    /// <summary>Carries out a task and returns its answer.</summary>
    /// <param name="request">Request.</param>
    /// <param name="parts">What the session works with.</param>
    /// <param name="view">What the session knows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<object> RunAsync(JsonElement request, SessionParts parts, SessionView view, CancellationToken cancellationToken);
}
