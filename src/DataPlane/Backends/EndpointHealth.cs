namespace Gatehouse.DataPlane.Backends;

/// <summary>What is known of an endpoint's health. Written by probes and by traffic; read by reports.</summary>
internal sealed class EndpointHealth
{
    private volatile string? _reason;
    private long _lastSuccess;
    private int _streams;

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

    /// <summary>Connections and sessions of datagrams that go there now.</summary>
    public int Streams => Volatile.Read(ref _streams);

    public void StreamBegins() => Interlocked.Increment(ref _streams);

    public void StreamEnds() => Interlocked.Decrement(ref _streams);
}
