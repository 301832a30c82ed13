using System.Runtime.CompilerServices;
using Gatehouse.Sync.Kubernetes.Http;

namespace Gatehouse.Sync.Kubernetes.Watching;

/// <summary>
/// Lists, watches, and begins anew for as long as somebody listens (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
/// A watch that ends is taken up where it was; only when the server has forgotten that place, or when it keeps failing, is everything
/// listed again.
/// </summary>
internal sealed class Watcher(
    ApiSender sender, Func<ApiKind, string?, string?, CancellationToken, Task<ObjectList>> list, ApiKind kind, string? ns, string? labelSelector, KubernetesClientOptions options)
{
    /// <summary>After so many failures in a row the place is given up: a list mends whatever it is.</summary>
    private const int FailuresBeforeList = 3;

    /// <summary>A way that lets watches begin and keeps their events back shows itself in a list alone.</summary>
    private const int SilencesBeforeList = 3;

    private string? _resourceVersion;
    private bool _isInDoubt;
    private int _silences;
    private int _failures;

    /// <summary>Runs until cancelled.</summary>
    public async IAsyncEnumerable<WatchSignal> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_resourceVersion is null)
            {
                var (listed, failure) = await ListAsync(cancellationToken);
                if (listed is not null)
                {
                    _resourceVersion = listed.ResourceVersion;
                    yield return new Relisted(listed.Items);
                }
                else
                {
                    yield return new WatchFailed(failure!.Message, failure.Status);
                    await PauseAsync(failure, cancellationToken);
                    continue;
                }
            }

            await using var stream = new WatchStream(sender, kind, ns, labelSelector, _resourceVersion, options);
            var step = await stream.OpenAsync(cancellationToken);
            if (step.End is null && _isInDoubt)
                yield return new Alive();
            _isInDoubt = false;
            while (step.End is null)
            {
                step = await stream.NextAsync(cancellationToken);
                _resourceVersion = step.ResourceVersion ?? _resourceVersion;
                if (step.Signal is null)
                    continue;
                (_failures, _silences) = (0, 0);
                yield return step.Signal;
            }

            if (step.End.Failure is { } broken)
                yield return new WatchFailed(broken.Message, broken.Status);
            await AfterAsync(step.End, cancellationToken);
        }
    }

    private async Task<(ObjectList? List, KubernetesException? Failure)> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await list(kind, ns, labelSelector, cancellationToken), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Failures.Of(exception, options.RequestTimeout) ?? new KubernetesException(0, "Unexpected", "The list could not be read.", inner: exception));
        }
    }

    private Task AfterAsync(WatchEnd end, CancellationToken cancellationToken)
    {
        _isInDoubt = end.Failure is not null || end.IsSilent;
        if (end.IsExpired || (end.IsSilent && ++_silences >= SilencesBeforeList))
            (_resourceVersion, _silences) = (null, 0);
        if (end.Failure is null && end.IsOrderly)
            return Task.CompletedTask;
        // What is no matter of time (not served, not allowed) is asked from the beginning.
        if (end.Failure is { IsTransient: false } || _failures + 1 >= FailuresBeforeList)
            _resourceVersion = null;
        return PauseAsync(end.Failure, cancellationToken);
    }

    private Task PauseAsync(KubernetesException? failure, CancellationToken cancellationToken)
    {
        var wait = Backoff.After(++_failures, options);
        if (failure?.RetryAfter is { } asked)
            wait = asked < options.LongestPause ? asked : options.LongestPause;
        return Task.Delay(wait, options.Time, cancellationToken);
    }
}
