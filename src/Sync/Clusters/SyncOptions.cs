using Gatehouse.Sync.Leases;
using Gatehouse.Sync.Resolving;

namespace Gatehouse.Sync.Clusters;

/// <summary>Settings of the workers.</summary>
internal sealed record SyncOptions
{
    /// <summary>Name of this process among the workers.</summary>
    public string Holder { get; init; } = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    /// <summary>Times of leases.</summary>
    public LeaseTimes Lease { get; init; } = new();

    /// <summary>Writes to one cluster at once.</summary>
    public int WritesAtOnce { get; init; } = 8;

    /// <summary>Shortest time between two reports of a cluster.</summary>
    public TimeSpan ReportPeriod { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A report is stored at least that often, so that others see that the worker lives.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the addresses of a DNS name are kept.</summary>
    public TimeSpan NameLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often others' routes and Ingresses are looked at.</summary>
    public TimeSpan RivalPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Resolves DNS names.</summary>
    public Func<string, CancellationToken, Task<IReadOnlyList<string>>> Resolve { get; init; } = NameResolver.AskSystemAsync;

    /// <summary>How often other credentials are looked for while a cluster does not answer.</summary>
    public TimeSpan CredentialsPeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait after a session broke.</summary>
    public TimeSpan RestartPause { get; init; } = TimeSpan.FromSeconds(2);
}
