using Gatehouse.Control.Feed;
using Gatehouse.Control.Loading;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Persistence.Revisions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Control.Compiling;

/// <summary>
/// Compiles what is in the database and follows its revisions. One task owns the compiler; what it publishes is immutable. When the
/// database is away the last state stays, and so do all feeds.
/// </summary>
public sealed partial class CompileHost : BackgroundService
{
    private readonly InputLoader _loader;
    private readonly ControlOptions _options;
    private readonly PoolFeeds _feeds;
    private readonly ChangeBell _bell;
    private readonly RevisionSignal _signal;
    private readonly ILogger<CompileHost> _logger;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Losses _losses = new();
    private IncrementalCompiler _compiler;
    private volatile CompileState _current = CompileState.Empty;
    private volatile bool _databaseAway;
    private bool _startOver;

    internal CompileHost(InputLoader loader, ControlOptions options, PoolFeeds feeds, ChangeBell bell, RevisionSignal signal, ILogger<CompileHost> logger)
    {
        _loader = loader;
        _options = options;
        _feeds = feeds;
        _bell = bell;
        _signal = signal;
        _logger = logger;
        _compiler = new IncrementalCompiler(options.Compiler);
    }

    /// <summary>What is compiled now.</summary>
    public CompileState Current => _current;

    /// <summary>Whether the last look at the database failed.</summary>
    public bool DatabaseAway => _databaseAway;

    internal ObjectHistory History { get; } = new();

    /// <summary>Waits until a revision, or a later one, is compiled.</summary>
    public async Task<CompileState> WaitForRevisionAsync(long revision, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = _bell.Next;
            if (_current is { IsLoaded: true } state && state.Revision >= revision)
                return state;
            await next.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <summary>Says that there may be a new revision.</summary>
    internal void Nudge()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Awake already, or at an end.
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnCommitted(long revision) => Nudge();
        _signal.Committed += OnCommitted;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await FollowAsync(stoppingToken);
                await _wake.WaitAsync(_options.PollInterval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            _signal.Committed -= OnCommitted;
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = _current;
            if (!state.IsLoaded || _startOver)
                Take(await _loader.LoadAllAsync(cancellationToken));
            else if (await _loader.HeadAsync(cancellationToken) != state.Revision)
                Take(await _loader.LoadSinceAsync(state.Revision, cancellationToken));
            if (_databaseAway)
                Log.DatabaseBack(_logger);
            _databaseAway = false;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
        {
            if (!_databaseAway)
                Log.DatabaseAway(_logger, exception);
            _databaseAway = true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What the compiler makes of the inputs is its business; that it throws is a bug. What was compiled stays in force, and
            // a fresh compiler starts over, with a pause so that a lasting bug does not load everything all the time.
            Log.CompileFailed(_logger, _current.Revision, exception);
            if (_startOver)
                await Task.Delay(_options.RecoveryPause, cancellationToken);
            _startOver = true;
            Nudge();
        }
    }

    private void Take(LoadedInputs inputs)
    {
        if (inputs.IsComplete)
            Replace(inputs);
        else
            Advance(inputs);
        _bell.Ring();
    }

    private void Replace(LoadedInputs inputs)
    {
        var compiler = new IncrementalCompiler(_options.Compiler);
        compiler.Apply([.. inputs.Changes]);
        _compiler = compiler;
        _startOver = false;
        History.Reset(inputs.Revision);
        _losses.Replace(compiler.Snapshot, inputs.Faults);
        _feeds.Replace(inputs.Revision, compiler.Snapshot, _losses.AreNone);
        _current = new CompileState { Revision = inputs.Revision, Snapshot = compiler.Snapshot, Faults = _losses.Faults, IsComplete = _losses.AreNone };
        Log.Loaded(_logger, inputs.Revision, inputs.Changes.Count);
    }

    private void Advance(LoadedInputs inputs)
    {
        var delta = _compiler.Apply([.. inputs.Changes]);
        var snapshot = _compiler.Snapshot;

        // Readers look at the state first: once they see the new one, they must see its history too.
        History.Note(new EffectiveSince(inputs.Revision, inputs.CommittedAt), inputs.Changes, delta, _current.Snapshot, snapshot);
        _losses.Advance(delta, inputs);
        _feeds.Advance(inputs.Revision, snapshot, _losses.AreNone, delta);
        _current = new CompileState { Revision = inputs.Revision, Snapshot = snapshot, Faults = _losses.Faults, IsComplete = _losses.AreNone };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Compiled revision {Revision} from {Inputs} inputs")]
        public static partial void Loaded(ILogger logger, long revision, int inputs);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot be reached; the last compiled state stays in force")]
        public static partial void DatabaseAway(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "The database is back")]
        public static partial void DatabaseBack(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "Compiling what follows revision {Revision} failed; the last compiled state stays in force")]
        public static partial void CompileFailed(ILogger logger, long revision, Exception exception);
    }
}
