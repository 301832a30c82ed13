namespace Gatehouse.Dns;

/// <summary>How patiently questions are asked.</summary>
public sealed record DnsClientOptions
{
    /// <summary>How often a question is sent before it counts as unanswered.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>How long one try waits; TCP gets the same for connection and answer together.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one question with all its tries and aliases may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How many aliases are followed.</summary>
    public int MaxChain { get; init; } = 8;

    /// <summary>The clock of the timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
