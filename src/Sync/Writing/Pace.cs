namespace Gatehouse.Sync.Writing;

/// <summary>
/// How fast a cluster may be written to: a set rate, so many writes at once, and pauses while it says that it cannot. Used by one thread.
/// </summary>
internal sealed class Pace(int writesPerSecond, int mostAtOnce, TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);

    private readonly double _burst = Math.Max(1, writesPerSecond / 10.0);
    private double _tokens = Math.Max(1, writesPerSecond / 10.0);
    private long _filledAt = time.GetTimestamp();
    private long _pausedAt;
    private TimeSpan _pause;
    private int _troubles;
    private int? _atOnce;

    /// <summary>How many writes may run at once now.</summary>
    public int AtOnce => _atOnce ?? mostAtOnce;

    /// <summary>How long until the next write may begin.</summary>
    public TimeSpan Wait
    {
        get
        {
            Fill();
            var paused = _pause == TimeSpan.Zero ? TimeSpan.Zero : _pause - time.GetElapsedTime(_pausedAt);
            var token = _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / writesPerSecond);
            return paused > token ? paused : token;
        }
    }

    public bool TryTake()
    {
        if (Wait > TimeSpan.Zero)
            return false;
        _tokens--;
        return true;
    }

    /// <summary>The cluster says that it cannot, or says nothing.</summary>
    public void Slow(TimeSpan? retryAfter)
    {
        _atOnce = 1;
        if (_pause > TimeSpan.Zero && time.GetElapsedTime(_pausedAt) < _pause && retryAfter is null)
            return;
        _troubles = Math.Min(_troubles + 1, 10);
        var backoff = FirstPause * Math.Pow(2, _troubles - 1) * (0.5 + random());
        _pause = backoff < LongestPause ? backoff : LongestPause;
        if (retryAfter is { } asked && asked > _pause)
            _pause = asked < LongestRetryAfter ? asked : LongestRetryAfter;
        _pausedAt = time.GetTimestamp();
    }

    /// <summary>The cluster works.</summary>
    public void Quicken()
    {
        _troubles = 0;
        _pause = TimeSpan.Zero;
        _atOnce = Math.Min(mostAtOnce, AtOnce * 2);
    }

    private void Fill()
    {
        _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_filledAt).TotalSeconds * writesPerSecond));
        _filledAt = time.GetTimestamp();
    }
}
