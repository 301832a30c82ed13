using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Control.Clusters;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Reporting;

namespace Gatehouse.Sync.Tasks;

/// <summary>Does what the API asks of a cluster's worker, one task after the other.</summary>
internal sealed partial class TaskLoop(SessionParts parts, SessionView view)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestTask = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Handlers by kind of task. A new kind is one line here.</summary>
    public static IReadOnlyDictionary<string, IClusterTaskHandler> BuiltIn { get; } = new Dictionary<string, IClusterTaskHandler>(StringComparer.Ordinal)
    {
        [ClusterTaskKind.Diff] = new DiffTask(),
        [ClusterTaskKind.Manifests] = new ManifestsTask(),
        [ClusterTaskKind.Probe] = new ProbeTask(),
        [ClusterTaskKind.Prune] = new PruneTask(),
        [ClusterTaskKind.Survey] = new SurveyTask(),
    };

    /// <summary>Runs until cancelled, or until the lease is lost.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                while (await parts.Store.NextTaskAsync(parts.Fence.Lease, cancellationToken) is { } task)
                    await parts.Store.AnswerAsync(parts.Fence.Lease, task.Id, await DoAsync(task, cancellationToken), cancellationToken);
                await parts.Store.WaitForTasksAsync(LongestWait, cancellationToken);
            }
            catch (LeaseLostException)
            {
                parts.Fence.Close();
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Broke(parts.Logger, failure);
                await Task.Delay(LongestWait, parts.Time, cancellationToken);
            }
        }
    }

    private async Task<string> DoAsync(ClusterTask task, CancellationToken cancellationToken)
    {
        if (!parts.TaskHandlers.TryGetValue(task.Kind, out var handler))
            return Failed($"This worker does not know tasks of kind {task.Kind}: update it.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestTask);
        try
        {
            using var request = JsonDocument.Parse(task.Request);
            return JsonSerializer.Serialize(await handler.RunAsync(request.RootElement, parts, view, patience.Token), Json);
        }
        catch (TaskRefusedException refused)
        {
            return Failed(refused.Message);
        }
        catch (Exception failure) when (failure is KubernetesException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Failed(Failures.Describe(failure));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(parts.Logger, task.Kind, failure);
            return Failed("The worker could not do it: its log says why.");
        }
    }

    private static string Failed(string problem) => JsonSerializer.Serialize(new TaskFailure(problem), Json);

    private sealed record TaskFailure(string Problem);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A task of kind {Kind} failed")]
        public static partial void Failed(ILogger logger, string kind, Exception failure);

        [LoggerMessage(2, LogLevel.Warning, "Tasks cannot be read; it is tried again")]
        public static partial void Broke(ILogger logger, Exception failure);
    }
}
