using System.Threading.Channels;
using Gatehouse.Control.Clusters;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Leases;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Reporting;
using Gatehouse.Sync.Resolving;
using Gatehouse.Sync.Rivals;
using Gatehouse.Sync.Tasks;
using Gatehouse.Sync.Telemetry;

namespace Gatehouse.Sync.Clusters;

/// <summary>
/// One term of leading a cluster. One loop owns all state; watches, writes, names, tasks and reports run beside it and tell it what came
/// of them.
/// </summary>
internal sealed class ClusterSession : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private readonly SessionParts _parts;
    private readonly SessionState _state;
    private readonly SessionObserver _observer;
    private readonly SessionProjector _projector;
    private readonly SessionWrites _writes;
    private readonly SessionReports _reports;
    private readonly Channel<SessionEvent> _inbox = Channel.CreateBounded<SessionEvent>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly NameResolver _names;
    private readonly RivalScan _rivals;

    public ClusterSession(SessionParts parts, SessionState state, StoredReports stored)
    {
        _parts = parts;
        _state = state;
        _names = new NameResolver(parts.Options.NameLifetime, parts.Time, parts.Options.Resolve);
        _rivals = new RivalScan(parts, state.Target.Name, state.Book.Owner);
        _observer = new SessionObserver(state);
        _projector = new SessionProjector(parts, state, _names);
        _writes = new SessionWrites(parts, state);
        _reports = new SessionReports(parts, state, stored);
    }

    /// <summary>What is seen from outside: for health and tests.</summary>
    public ClusterReport Report => _reports.Current;

    public void Dispose()
    {
        _names.Dispose();
        _rivals.Dispose();
    }

    /// <summary>Runs until cancelled, or until the lease is lost.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _parts.Fence.Lost);
        var watches = new WatchSet(_parts.Api, WatchKinds.SelectorOf(_state.Target.Id), observation => _inbox.Writer.WriteAsync(new ObservedEvent(observation), ending.Token), _parts.Time, ending.Token);
        _observer.Begin(watches);
        Task[] beside =
        [
            FollowAsync(ending.Token),
            AskVersionAsync(ending.Token),
            _names.RunAsync(addresses => _inbox.Writer.WriteAsync(new AddressesEvent(addresses), ending.Token), ending.Token),
            _rivals.RunAsync(ServedAsync, rivals => _inbox.Writer.WriteAsync(new RivalsEvent(rivals), ending.Token), ending.Token),
            new TaskLoop(_parts, new SessionView(_state, _writes, _rivals, AskAsync<object?>)).RunAsync(ending.Token),
        ];
        try
        {
            await LoopAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The worker stops, or another one leads.
        }
        finally
        {
            await ending.CancelAsync();
            await watches.DisposeAsync();
            await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _writes.DrainAsync();
        }
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        var wake = _inbox.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            await Task.WhenAny(wake, Task.Delay(Sleep(), _parts.Time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (wake.IsCompleted)
            {
                await wake;
                for (var taken = 0; taken < 2_000 && _inbox.Reader.TryRead(out var told); taken++)
                    Take(told);
                wake = _inbox.Reader.WaitToReadAsync(cancellationToken).AsTask();
            }
            if (_state.NeedsProjection && _state.Findings.AreComplete && _state.Desired is not null)
                await _projector.ProjectAsync(_observer, cancellationToken);
            _writes.Decide(told => _inbox.Writer.WriteAsync(told, cancellationToken), cancellationToken);
            _reports.Send(told => _inbox.Writer.WriteAsync(told, cancellationToken), cancellationToken);
        }
    }

    private TimeSpan Sleep()
    {
        var sleep = _projector.Pause is { } projection && projection < LongestSleep ? projection : LongestSleep;
        sleep = _reports.Wait is { } report && report < sleep ? report : sleep;
        sleep = _writes.Wait is { } write && write < sleep ? write : sleep;
        return sleep > TimeSpan.FromMilliseconds(1) ? sleep : TimeSpan.FromMilliseconds(1);
    }

    private void Take(SessionEvent told)
    {
        switch (told)
        {
            case ObservedEvent observed:
                if (observed.Observation is WatchTroubled trouble)
                    _parts.Metrics.NoteWatchFailure(_state.Target.Name, trouble.Watch);
                _observer.Take(observed.Observation);
                break;
            case DesiredEvent desired:
                _state.Desired = desired.State;
                _state.NeedsProjection = true;
                break;
            case AddressesEvent addresses:
                _state.Addresses = addresses.Addresses;
                _state.NeedsProjection = true;
                break;
            case RivalsEvent rivals:
                _state.TakeRivals(rivals.Rivals);
                break;
            case WriteEvent write:
                _writes.Take(write);
                break;
            case ExplainedEvent explained:
                _writes.Take(explained);
                break;
            case ReportedEvent reported:
                _reports.Take(reported);
                break;
            case VersionEvent version:
                _state.ServerVersion = version.Version ?? _state.ServerVersion;
                _state.VersionFailure = version.Failure;
                break;
            case AskEvent ask:
                ask.Do();
                break;
        }
    }

    private async Task<T> AskAsync<T>(Func<T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _inbox.Writer.WriteAsync(new AskEvent(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
            }
        }), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private Task<IReadOnlyDictionary<string, IReadOnlyList<string>>?> ServedAsync(CancellationToken cancellationToken) =>
        AskAsync(() => _state.IsLoaded ? _state.Findings.Versions : null, cancellationToken);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var revision = -1L;
        while (true)
        {
            var state = await _parts.DesiredStates.AfterAsync(revision, cancellationToken);
            revision = state.Revision;
            await _inbox.Writer.WriteAsync(new DesiredEvent(state), cancellationToken);
        }
    }

    private async Task AskVersionAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = TimeSpan.FromMinutes(5);
            VersionEvent told;
            try
            {
                told = new VersionEvent(await _parts.Api.GetVersionAsync(cancellationToken), null);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                told = new VersionEvent(null, Failures.Describe(failure));
                pause = TimeSpan.FromSeconds(5);
            }
            await _inbox.Writer.WriteAsync(told, cancellationToken);
            await Task.Delay(pause, _parts.Time, cancellationToken);
        }
    }
}

/// <summary>What a session works with.</summary>
internal sealed record SessionParts(
    IKubernetesApi Api,
    IClusterStore Store,
    Fence Fence,
    IDesiredStates DesiredStates,
    SyncOptions Options,
    SyncMetrics Metrics,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>Carries out tasks, by kind.</summary>
    public IReadOnlyDictionary<string, IClusterTaskHandler> TaskHandlers { get; init; } = TaskLoop.BuiltIn;
}
