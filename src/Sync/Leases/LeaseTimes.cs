namespace Gatehouse.Sync.Leases;

/// <summary>Times of leases.</summary>
internal sealed record LeaseTimes
{
    /// <summary>How long a lease holds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After that long without a renewal the worker gives up leading.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is renewed or asked for.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after the beginning of a renewal writes may begin. With the longest write it must stay below the duration.</summary>
    public TimeSpan SafeWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one write may take.</summary>
    public TimeSpan LongestWrite { get; init; } = TimeSpan.FromSeconds(8);
}
