using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Retries;
using Gatehouse.DataPlane.Sessions;
using Gatehouse.DataPlane.Telemetry;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Routing;

/// <summary>A rule, made ready to run.</summary>
internal sealed class RuleRuntime
{
    // A timer takes no more; a tenant may write 99999h.
    private const long LongestTimeoutMs = int.MaxValue;

    private readonly RuleTarget[] _targets;
    private readonly uint _total;
    private ulong _sequence = (ulong)Random.Shared.NextInt64();

    /// <exception cref="MatchTableException">The rule holds what cannot be used.</exception>
    public RuleRuntime(CompiledRule rule)
    {
        Rule = rule;
        Id = $"{rule.Source.Kind}/{rule.Source.Tenant}/{rule.Source.Name}/{rule.Source.Rule}";
        Actions = RuleActions.Compile(rule.Actions);
        IsGrpc = rule.Source.Kind == "GRPCRoute";
        IsPatient = rule.RequestTimeoutMs is not null || rule.BackendRequestTimeoutMs is not null;
        Session = rule.Session is null ? null : new SessionPolicy(rule.Session, rule.Source);
        Retry = rule.Retry is null ? null : new RetryPolicy(rule.Retry);
        // With one attempt the shorter bound is all that counts.
        Timeout = Shortest(rule.RequestTimeoutMs, Retry is null ? rule.BackendRequestTimeoutMs : null);
        AttemptTimeout = Retry is null ? null : Shortest(rule.BackendRequestTimeoutMs, null);
        if (rule.FixedStatus is < 200 or > 599)
            throw new MatchTableException($"fixed status {rule.FixedStatus} cannot be sent");
        _targets = new RuleTarget[rule.Backends.Count];
        for (var i = 0; i < _targets.Length; i++)
        {
            if (rule.Backends[i].Weight is < 0 or > 1_000_000)
                throw new MatchTableException($"weight {rule.Backends[i].Weight} is out of range");
            _total += (uint)rule.Backends[i].Weight;
            _targets[i] = new RuleTarget(rule.Backends[i], _total);
        }
        HasMirrors = Actions.Mirrors.Length > 0 || _targets.Any(target => target.Actions.Mirrors.Length > 0);
    }

    public CompiledRule Rule { get; }

    /// <summary>Kind, tenant, route and rule index; names the rule in logs and metrics.</summary>
    public string Id { get; }

    public RuleActions Actions { get; }

    /// <summary>Whether the rule or one of its backends is mirrored.</summary>
    public bool HasMirrors { get; }

    /// <summary>Counts requests of the rule that reached no backend.</summary>
    public Series? Series { get; set; }

    /// <summary>Whether requests must go out by HTTP/2.</summary>
    public bool IsGrpc { get; }

    /// <summary>Whether the rule says itself how long requests may take.</summary>
    public bool IsPatient { get; }

    /// <summary>Time for the whole request; null: no bound of the rule's own.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>Time for each attempt, where there may be several; null: no bound of the rule's own.</summary>
    public TimeSpan? AttemptTimeout { get; }

    /// <summary>Session persistence; null: none.</summary>
    public SessionPolicy? Session { get; }

    /// <summary>All backends, those without weight included.</summary>
    public IReadOnlyList<RuleTarget> Targets => _targets;

    /// <summary>Retries; null: none.</summary>
    public RetryPolicy? Retry { get; }

    /// <summary>
    /// Picks a backend by weight; null: nothing has weight. The picks walk a Weyl sequence, so that after n requests each share is off by
    /// about log(n)/n and not by the 1/√n of dice; a range of width 0 is never hit.
    /// </summary>
    public RuleTarget? Pick()
    {
        if (_total == 0)
            return null;
        if (_targets.Length == 1)
            return _targets[0];
        var position = (uint)Math.BigMul(Interlocked.Increment(ref _sequence) * 0x9E3779B97F4A7C15UL, _total, out _);
        foreach (var target in _targets)
        {
            if (position < target.End)
                return target;
        }
        return null;
    }

    private static TimeSpan? Shortest(long? request, long? attempt)
    {
        var bounds = new[] { request, attempt }.Where(bound => bound > 0).ToArray();
        return bounds.Length == 0 ? null : TimeSpan.FromMilliseconds(Math.Min(bounds.Min()!.Value, LongestTimeoutMs));
    }
}

/// <summary>A backend of a rule.</summary>
internal sealed class RuleTarget(WeightedBackend backend, uint end)
{
    /// <summary>Key into the backends; null: the share is answered with <see cref="FailureStatus"/>.</summary>
    public string? Backend => backend.Backend;

    public int FailureStatus => backend.FailureStatus ?? StatusCodes.Status500InternalServerError;

    /// <summary>Where its range of positions ends.</summary>
    public uint End => end;

    public RuleActions Actions { get; } = RuleActions.Compile(backend.Actions);

    /// <summary>Counts its requests.</summary>
    public Series? Series { get; set; }
}
