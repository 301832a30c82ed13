namespace Gatehouse.DataPlane.Backends;

/// <summary>What is known of an endpoint's health. Written by probes and by traffic; read by reports.</summary>
internal sealed class EndpointHealth
{
    private volatile string? _reason;
    private long _lastSuccess;

    /// <summary>Probes in a row that failed (negative) or succeeded (positive).</summary>
    public int Streak { get; set; }

    /// <summary>Why it is not healthy.</summary>
    public string? Reason
    {
        get => _reason;
        set => _reason = value;
    }

    /// <summary>Timestamp of the last answer to a request; 0: none. Traffic that succeeds saves a probe.</summary>
    public long LastSuccess
    {
        get => Volatile.Read(ref _lastSuccess);
        set => Volatile.Write(ref _lastSuccess, value);
    }
}
