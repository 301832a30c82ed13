namespace Gatehouse.Dns.Updates;

/// <summary>Which zone is updated where, and how patiently.</summary>
/// <param name="Server">The zone's primary server.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Key">Key that the server knows.</param>
public sealed record DnsUpdaterOptions(DnsServer Server, DnsName Zone, TsigKey Key)
{
    /// <summary>How often an update is sent by UDP before it is tried by TCP.</summary>
    public int Tries { get; init; } = 2;

    /// <summary>How long one try waits.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The clock that signatures and timeouts go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
