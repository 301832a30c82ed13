using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;

namespace Gatehouse.Sync.Clusters;

/// <summary>All that a session knows of one object. Changed by the session's loop alone.</summary>
internal sealed class ObjectEntry(ObjectKey key)
{
    public ObjectKey Key { get; } = key;

    /// <summary>What is meant; null: it is not meant to be there.</summary>
    public ProjectedObject? Desired { get; set; }

    /// <summary>What is there; null: nothing that is known.</summary>
    public ObservedObject? Observed { get; set; }

    /// <summary>Kind as it was watched last.</summary>
    public ApiKind? Kind { get; set; }

    /// <summary>Uid of the object that had our marks.</summary>
    public string? KnownUid { get; set; }

    public Verdict Verdict { get; set; } = Verdict.Settled;

    /// <summary>Its place in the queue; 0: it does not wait.</summary>
    public long Ticket { get; set; }

    public bool InFlight { get; set; }

    /// <summary>Something changed while it was being written: judge again.</summary>
    public bool ChangedInFlight { get; set; }

    /// <summary>Hash of the intent that was there.</summary>
    public string? AppliedHash { get; set; }

    /// <summary>Whether it was looked for and is not there.</summary>
    public bool IsKnownMissing { get; set; }

    /// <summary>What stands in the way of the intent that is meant now; null: nothing.</summary>
    public Obstacle? Obstacle { get; set; }

    public int Failures { get; set; }

    /// <summary>Timestamp before which it is not written again; 0: any time.</summary>
    public long NotBefore { get; set; }

    /// <summary>What others changed last and was put right; null: nothing since the intent is meant.</summary>
    public Repair? LastRepair { get; set; }

    public Contest Contest { get; } = new();

    /// <summary>Generation in the cluster that <see cref="Since"/> speaks of.</summary>
    public long? SinceGeneration { get; set; }

    public DateTimeOffset? Since { get; set; }

    /// <summary>The stored object that it belongs to; null: unknown.</summary>
    public ResourceKey? Source => Desired?.Source ?? (Observed is null ? null : SourceMark.Of(Observed));

    public bool IsForgotten => Desired is null && Observed is null && !InFlight;
}

/// <summary>Something of others that was put right.</summary>
/// <param name="At">When.</param>
/// <param name="Fields">Which fields, and who.</param>
internal sealed record Repair(DateTimeOffset At, IReadOnlyList<ReportedField> Fields);

/// <summary>What stands in the way of an object.</summary>
/// <param name="State">One of <see cref="ObjectState"/>.</param>
/// <param name="Message">For people.</param>
/// <param name="Fields">Fields of others.</param>
/// <param name="Hash">Hash of the intent that it met.</param>
internal sealed record Obstacle(string State, string? Message, IReadOnlyList<ReportedField> Fields, string? Hash);

/// <summary>Whether somebody keeps changing an object.</summary>
internal sealed class Contest
{
    private const int Most = 5;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<long> _repairs = new();
    private long _last;

    /// <summary>Whether repairs are made at most once a minute now.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Notes a repair.</summary>
    public void Note(TimeProvider time)
    {
        _last = time.GetTimestamp();
        _repairs.Enqueue(_last);
        while (_repairs.TryPeek(out var oldest) && time.GetElapsedTime(oldest) > Window)
            _repairs.Dequeue();
        IsOn |= _repairs.Count >= Most;
    }

    /// <summary>How long the next repair has to wait. It is over once nobody changed the object for two minutes.</summary>
    public TimeSpan Wait(TimeProvider time)
    {
        if (!IsOn)
            return TimeSpan.Zero;
        var passed = time.GetElapsedTime(_last);
        if (passed > 2 * Window)
        {
            IsOn = false;
            _repairs.Clear();
            return TimeSpan.Zero;
        }
        return passed < Window ? Window - passed : TimeSpan.Zero;
    }
}
