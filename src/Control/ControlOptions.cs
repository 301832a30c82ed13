using Gatehouse.Gateway.Compilation;
using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Control;

/// <summary>Settings of the compile host and the config feed.</summary>
public sealed record ControlOptions
{
    /// <summary>Connection string of the login <c>gatehouse_compiler</c>.</summary>
    public required string CompilerDatabase { get; init; }

    /// <summary>Settings of the compiler.</summary>
    public CompilerOptions Compiler { get; init; } = new();

    /// <summary>Credential of each pool's data planes, by pool; a data plane gets the configuration of the pool whose credential it shows.</summary>
    public IReadOnlyDictionary<string, string> DataPlaneCredentials { get; init; } = new Dictionary<string, string>();

    /// <summary>KEKs that decrypt what the feed sends to data planes. A process that serves no feed needs none.</summary>
    public KeyRingSource Keys { get; init; } = KeyRingSource.None;

    /// <summary>How long a released name is served to nobody else.</summary>
    public TimeSpan Quarantine { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often the database is asked for new revisions when no notification came.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Silence on the feed after which a heartbeat is sent.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after its last word a replica counts as connected.</summary>
    public TimeSpan ReplicaTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after its last word a replica is forgotten.</summary>
    public TimeSpan ReplicaExpiry { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Entries that the history of a pool's deltas holds; a data plane that is further behind gets a snapshot.</summary>
    public int FeedHistory { get; init; } = 20_000;

    /// <summary>Changed objects from which on everything is loaded again instead.</summary>
    public int ReloadThreshold { get; init; } = 50_000;

    /// <summary>Pause before everything is compiled anew once more after that failed.</summary>
    public TimeSpan RecoveryPause { get; init; } = TimeSpan.FromSeconds(10);
}
