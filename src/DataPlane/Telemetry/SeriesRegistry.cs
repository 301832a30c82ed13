using System.Collections.Concurrent;

namespace Gatehouse.DataPlane.Telemetry;

/// <summary>
/// All series. Their number is bounded: beyond the bound requests are counted under one series for the rest, and series that were not
/// used for long make room.
/// </summary>
internal sealed class SeriesRegistry(TimeProvider clock)
{
    private const int Capacity = 20_000;
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<SeriesKey, Series> _series = new();
    private readonly Series _rest = new(new SeriesKey("(rest)", "(rest)", "(rest)"));
    private int _count;

    public IEnumerable<Series> All => _series.Values.Append(_rest);

    public Series Of(SeriesKey key)
    {
        if (_series.TryGetValue(key, out var known))
            return known;
        if (Volatile.Read(ref _count) >= Capacity)
            return _rest;
        var added = new Series(key);
        var series = _series.GetOrAdd(key, added);
        if (ReferenceEquals(series, added))
            Interlocked.Increment(ref _count);
        return series;
    }

    /// <summary>Lets go of series that were not used for long, once they are many.</summary>
    public void Sweep()
    {
        if (Volatile.Read(ref _count) < Capacity / 2)
            return;
        foreach (var (key, series) in _series)
        {
            if (clock.GetElapsedTime(series.LastUsed) > Unused && _series.TryRemove(key, out _))
                Interlocked.Decrement(ref _count);
        }
    }
}
