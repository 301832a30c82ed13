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
    /// <exception cref="TaskRefusedException">It cannot be done; the message says what would have to change.</exception>
    Task<object> RunAsync(JsonElement request, SessionParts parts, SessionView view, CancellationToken cancellationToken);
}

/// <summary>A task cannot be done as things are; the message is for whoever asked.</summary>
internal sealed class TaskRefusedException(string message) : Exception(message);
