using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gatehouse.Contracts.Feed;

namespace Gatehouse.Control.Replicas;

/// <summary>The data planes that report, to this control process or to another one.</summary>
public sealed class ReplicaRegistry
{
    private readonly ConcurrentDictionary<(string Pool, string Replica), ReplicaState> _replicas = new();
    private readonly ConcurrentDictionary<(string Pool, string Replica), bool> _unsaved = new();
    private readonly ControlOptions _options;
    private readonly ChangeBell _bell;
    private readonly TimeProvider _clock;

    internal ReplicaRegistry(ControlOptions options, ChangeBell bell, TimeProvider clock)
    {
        _options = options;
        _bell = bell;
        _clock = clock;
    }

    /// <summary>All replicas that are not forgotten yet.</summary>
    public IReadOnlyCollection<ReplicaState> All => [.. _replicas.Values];

    /// <summary>Whether a replica's last word is recent enough.</summary>
    public bool IsConnected(ReplicaState replica) => _clock.GetUtcNow() - replica.LastSeenAt <= _options.ReplicaTimeout;

    /// <summary>The connected replicas of a pool.</summary>
    public IReadOnlyList<ReplicaState> Connected(string pool) =>
        [.. _replicas.Values.Where(replica => replica.Pool == pool && IsConnected(replica))];

    /// <summary>Takes a report.</summary>
    public AcknowledgementReply Take(Acknowledgement report)
    {
        var now = _clock.GetUtcNow();
        var key = (report.Pool, report.Replica);
        var state = _replicas.AddOrUpdate(key, _ => Next(null, report, now), (_, before) => Next(before, report, now));
        _unsaved[key] = true;
        _bell.Ring();
        return new AcknowledgementReply(SendFullHealth: state.Health is null);
    }

    /// <summary>Takes what another control process stored; what this one heard later stays.</summary>
    internal void Learn(ReplicaState stored)
    {
        var key = (stored.Pool, stored.Replica);
        _replicas.AddOrUpdate(key, stored, (_, present) => present.LastSeenAt >= stored.LastSeenAt ? present : stored);
    }

    /// <summary>What others must be told of; asking clears it.</summary>
    internal IReadOnlyList<ReplicaState> TakeUnsaved()
    {
        var states = new List<ReplicaState>();
        foreach (var key in _unsaved.Keys)
        {
            if (_unsaved.TryRemove(key, out _) && _replicas.TryGetValue(key, out var state))
                states.Add(state);
        }

        return states;
    }

    /// <summary>Puts back what could not be stored.</summary>
    internal void PutBack(ReplicaState state) => _unsaved.TryAdd((state.Pool, state.Replica), true);

    /// <summary>Forgets replicas that have been silent for long.</summary>
    internal void Expire()
    {
        var now = _clock.GetUtcNow();
        foreach (var (key, replica) in _replicas)
        {
            if (now - replica.LastSeenAt > _options.ReplicaExpiry)
                _replicas.TryRemove(KeyValuePair.Create(key, replica));
        }
    }

    internal void Ring() => _bell.Ring();

    private static ReplicaState Next(ReplicaState? before, Acknowledgement report, DateTimeOffset now)
    {
        var sameProcess = before is not null && before.StartedAt == report.StartedAt;
        return new ReplicaState
        {
            Pool = report.Pool,
            Replica = report.Replica,
            Version = report.Version,
            StartedAt = report.StartedAt,
            AppliedRevision = report.AppliedRevision,
            AppliedHash = report.AppliedHash,
            AppliedAt = sameProcess && before!.AppliedRevision == report.AppliedRevision ? before.AppliedAt : now,
            LastSeenAt = now,
            Refusals = report.Refusals,
            Held = report.Held,
            Sockets = report.Sockets,
            Http3 = report.Http3,
            Health = HealthAfter(sameProcess ? before!.Health : null, report),
        };
    }

    /// <summary>Changes alone say nothing without the whole that they change.</summary>
    private static ImmutableDictionary<string, IReadOnlyList<EndpointReport>>? HealthAfter(
        ImmutableDictionary<string, IReadOnlyList<EndpointReport>>? before, Acknowledgement report)
    {
        if (report.FullHealth)
            return report.Backends.ToImmutableDictionary(backend => backend.Key, backend => backend.Endpoints, StringComparer.Ordinal);
        return before?.SetItems(report.Backends.Select(backend => KeyValuePair.Create(backend.Key, backend.Endpoints)));
    }
}
