using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Reporting;

namespace Gatehouse.Sync.Observing;

/// <summary>The watches of a cluster: each in a task of its own, so that a kind that cannot be read keeps no other waiting.</summary>
internal sealed class WatchSet(IKubernetesApi api, string selector, Func<Observation, ValueTask> tell, TimeProvider time, CancellationToken stopping) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstMissingPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestMissingPause = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, RunningWatch> _running = new(StringComparer.Ordinal);
    private readonly List<Task> _ending = [];

    public const string Definitions = "CustomResourceDefinition";

    public const string Classes = "GatewayClass";

    /// <summary>Watches a kind in a version; true: it is new, or another version than before.</summary>
    public bool Ensure(string apiVersion, string kind)
    {
        if (_running.TryGetValue(kind, out var running))
        {
            if (running.ApiVersion == apiVersion)
                return false;
            Stop(kind);
        }
        var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _running[kind] = new RunningWatch(apiVersion, ending, Task.Run(() => RunAsync(apiVersion, kind, ending.Token), CancellationToken.None));
        return true;
    }

    /// <summary>Ends a watch.</summary>
    public void Stop(string kind)
    {
        if (!_running.Remove(kind, out var running))
            return;
        running.Ending.Cancel();
        _ending.Add(running.Task);
    }

    /// <summary>What the cluster serves changed.</summary>
    public void ForgetDiscovery() => api.ForgetDiscovery();

    public async ValueTask DisposeAsync()
    {
        foreach (var kind in _running.Keys.ToList())
            Stop(kind);
        await Task.WhenAll(_ending);
    }

    private async Task RunAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        var missing = FirstMissingPause;
        try
        {
            while (true)
            {
                try
                {
                    await WatchAsync(apiVersion, kind, cancellationToken);

                    // A definition is there a while before its kind is served.
                    await Task.Delay(missing, time, cancellationToken);
                    missing = missing * 2 < LongestMissingPause ? missing * 2 : LongestMissingPause;
                    api.ForgetDiscovery();
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    await tell(new WatchTroubled(kind, Failures.Describe(failure), (failure as KubernetesException)?.Status ?? 0));
                    await Task.Delay(Pause, time, cancellationToken);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The session ends, or the kind is watched otherwise: how the connection ends is of no interest.
        }
    }

    /// <summary>Returns if the kind is not served.</summary>
    private async Task WatchAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        if (await api.FindKindAsync(apiVersion, kind, cancellationToken) is not { } found)
        {
            await tell(new KindMissing(kind));
            return;
        }
        var filter = found.Kind is "Namespace" or Definitions or Classes ? null : selector;
        await foreach (var signal in api.WatchAsync(found, null, filter, cancellationToken))
            await tell(Read(found, signal));
    }

    private static Observation Read(ApiKind kind, WatchSignal signal) => (kind.Kind, signal) switch
    {
        (_, WatchFailed failed) => new WatchTroubled(kind.Kind, failed.Failure, failed.Status),
        (_, Alive) => new WatchLives(kind.Kind),
        (Definitions, Relisted listed) => new KindsListed(kind.Kind, [.. listed.Items.Select(InstalledKind.Of).OfType<InstalledKind>()]),
        (Definitions, Changed changed) => OfKind(changed.Object, false),
        (Definitions, Removed removed) => OfKind(removed.Object, true),
        (Classes, Relisted listed) => new ClassesListed(kind.Kind, [.. listed.Items.Select(ObservedStatus.ClassOf)]),
        (Classes, Changed changed) => new ClassChanged(kind.Kind, ObservedStatus.ClassOf(changed.Object), false),
        (Classes, Removed removed) => new ClassChanged(kind.Kind, ObservedStatus.ClassOf(removed.Object), true),
        (_, Relisted listed) => new ObjectsListed(kind.Kind, kind, [.. listed.Items.Select(ObservedObject.Of)]),
        (_, Changed changed) => new ObjectChanged(kind.Kind, kind, ObservedObject.Of(changed.Object)),
        (_, Removed removed) => new ObjectRemoved(kind.Kind, kind, ObservedObject.Of(removed.Object)),
        _ => new WatchLives(kind.Kind),
    };

    private static Observation OfKind(JsonObject definition, bool isGone) =>
        InstalledKind.Of(definition) is { } kind ? new KindChanged(Definitions, kind, isGone) : new WatchLives(Definitions);

    private sealed record RunningWatch(string ApiVersion, CancellationTokenSource Ending, Task Task);
}
