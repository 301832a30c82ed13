using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.Loading;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>
/// The status of objects: what the compiler says, and what follows from it and from the reports of data planes and sync workers. Nothing of it is stored.
/// </summary>
public sealed class StatusReader
{
    private readonly CompileHost _host;
    private readonly InputLoader _loader;
    private readonly ObjectViews _views;
    private readonly ChangeBell _bell;
    private readonly TimeProvider _clock;
    private readonly TransitionTimes _times;
    private readonly ClusterStatuses _clusters;

    internal StatusReader(CompileHost host, InputLoader loader, ObjectViews views, ChangeBell bell, TransitionTimes times, ClusterStatuses clusters, TimeProvider clock)
    {
        _clusters = clusters;
        _times = times;
        _host = host;
        _loader = loader;
        _views = views;
        _bell = bell;
        _clock = clock;
    }

    /// <summary>Status of an object as it is stored.</summary>
    /// <param name="key">The object.</param>
    /// <param name="generation">Its generation; what was compiled of an older one counts no more.</param>
    /// <param name="updatedAt">Its last change, to date what happened before this process started.</param>
    public ObjectStatus Read(ResourceKey key, long generation, DateTimeOffset updatedAt) => Derive(key, generation, updatedAt).Status;

    /// <summary>Waits until a condition is True at a generation, or stays False until somebody writes something, or the time is over.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<WaitResult> WaitForAsync(
        ResourceKey key, long generation, DateTimeOffset updatedAt, string type, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        // Whoever waits has seen what was committed before: an answer from an older state would be wrong, or final too early.
        var committed = await _loader.HeadAsync(cancellationToken);
        var start = _clock.GetTimestamp();
        while (true)
        {
            var next = _bell.Next;
            var current = _host.Current.Revision >= committed;
            var (status, final) = Derive(key, generation, updatedAt);
            if (current && status.Conditions.FirstOrDefault(condition => condition.Type == type) is { Status: "True" } reached && reached.ObservedGeneration >= generation)
                return new WaitResult(WaitOutcome.Reached, status);
            if (current && final.Contains(type))
                return new WaitResult(WaitOutcome.Refused, status);
            var left = timeout - _clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return new WaitResult(WaitOutcome.TimedOut, status);
            await WaitAsync(next, left < ReplicaCheck ? left : ReplicaCheck, cancellationToken);
        }
    }

    /// <summary>Replicas stop counting as connected, and controllers' time runs out, without any event, so a look is taken now and then.</summary>
    private static TimeSpan ReplicaCheck { get; } = TimeSpan.FromSeconds(1);

    private async Task WaitAsync(Task next, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(longest, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Look again.
        }
    }

    /// <summary>Where the compiler failed on an object, its last good status stays, of an older generation, with a condition of this one that says so.</summary>
    private static bool SpeaksOf(ResourceStatus compiled, long generation) =>
        compiled.Generation >= generation || compiled.Conditions.Any(condition => condition.ObservedGeneration >= generation);

    private (ObjectStatus Status, IReadOnlySet<string> Final) Derive(ResourceKey key, long generation, DateTimeOffset updatedAt)
    {
        var state = _host.Current;
        var since = _host.History.Of(key);
        if (state.Faults.TryGetValue(key, out var fault) && fault.Generation >= generation)
            return StatusWriter.Faulty(fault, since.At ?? updatedAt);
        if (ClusterStatuses.Tells(key.Kind))
            return _clusters.Of(key, generation, updatedAt);
        var compiled = state.Snapshot.Statuses.GetValueOrDefault(key);
        if (compiled is null || !SpeaksOf(compiled, generation))
            return StatusWriter.NotCompiled(key, generation, updatedAt, compiled?.Pools.Any(pool => ClusterPool.ClusterOf(pool) is not null) == true);
        var now = _clock.GetUtcNow();
        return new StatusWriter(_views.Of(compiled, since, state.Snapshot, now), _times, updatedAt, now).Write();
    }
}

/// <summary>How a wait ended.</summary>
public enum WaitOutcome
{
    /// <summary>The condition is True.</summary>
    Reached,

    /// <summary>The condition is False until somebody writes something.</summary>
    Refused,

    /// <summary>The time is over.</summary>
    TimedOut,
}

/// <summary>End of a wait.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The status at that moment.</param>
public sealed record WaitResult(WaitOutcome Outcome, ObjectStatus Status);
