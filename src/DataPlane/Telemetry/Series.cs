namespace Gatehouse.DataPlane.Telemetry;

/// <summary>What is counted together: requests of one rule's backend at one listener. Parts that were not decided are empty.</summary>
internal readonly record struct SeriesKey(string Listener, string Rule, string Backend)
{
    /// <summary>Challenges of certificate authorities, which are answered before any listener.</summary>
    public static SeriesKey Challenges { get; } = new("", "(challenge)", "");
}

/// <summary>Rate, errors and duration of one series. Written by requests without a lock.</summary>
internal sealed class Series(SeriesKey key)
{
    /// <summary>Upper bounds in milliseconds, those that OpenTelemetry recommends for http.server.request.duration; the last bucket is open.</summary>
    public static readonly double[] Bounds = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

    private readonly long[] _classes = new long[6];
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private long _ticks;
    private long _lastUsed;

    public SeriesKey Key => key;

    /// <summary>Timestamp of the last request.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Milliseconds of all requests together.</summary>
    public double TotalMs => TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalMilliseconds;

    public void Record(int status, TimeSpan elapsed, long now)
    {
        Interlocked.Increment(ref _classes[Math.Clamp(status / 100, 0, 5)]);
        Interlocked.Add(ref _ticks, elapsed.Ticks);
        var bucket = 0;
        for (var ms = elapsed.TotalMilliseconds; bucket < Bounds.Length && ms > Bounds[bucket];)
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Volatile.Write(ref _lastUsed, now);
    }

    /// <summary>Requests that were answered with a status of a class (1–5).</summary>
    public long CountOf(int statusClass) => Volatile.Read(ref _classes[statusClass]);

    public long BucketOf(int index) => Volatile.Read(ref _buckets[index]);
}
