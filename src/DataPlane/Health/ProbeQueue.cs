namespace Gatehouse.DataPlane.Health;

/// <summary>Names an endpoint of a backend.</summary>
internal readonly record struct ProbeKey(string Backend, string Endpoint);

/// <summary>Endpoints in the order in which they are due. An endpoint is in it once: scheduling it again moves it.</summary>
internal sealed class ProbeQueue(TimeProvider clock) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(ProbeKey Key, long Due), long> _queue = new();
    private readonly Dictionary<ProbeKey, long> _due = [];
    private readonly SemaphoreSlim _sooner = new(0, 1);

    public int Count
    {
        get
        {
            lock (_gate)
                return _due.Count;
        }
    }

    public void Schedule(ProbeKey key, TimeSpan after)
    {
        var due = clock.GetTimestamp() + (long)(after.TotalSeconds * clock.TimestampFrequency);
        lock (_gate)
        {
            var isFirst = !_queue.TryPeek(out _, out var first) || due < first;
            _due[key] = due;
            _queue.Enqueue((key, due), due);
            if (isFirst && _sooner.CurrentCount == 0)
                _sooner.Release();
        }
    }

    public void Dispose() => _sooner.Dispose();

    /// <summary>Waits for the next endpoint that is due and takes it out.</summary>
    public async Task<ProbeKey> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var key, out var wait))
                return key;
            await _sooner.WaitAsync(wait, cancellationToken);
        }
    }

    private bool TryTake(out ProbeKey key, out TimeSpan wait)
    {
        lock (_gate)
        {
            while (_queue.TryPeek(out var next, out var due))
            {
                var isStale = !_due.TryGetValue(next.Key, out var current) || current != next.Due;
                wait = isStale ? TimeSpan.Zero : clock.GetElapsedTime(clock.GetTimestamp(), due);
                if (!isStale && wait > TimeSpan.Zero)
                {
                    key = default;
                    return false;
                }
                _queue.Dequeue();
                if (isStale)
                    continue;
                _due.Remove(next.Key);
                key = next.Key;
                return true;
            }
            key = default;
            wait = Timeout.InfiniteTimeSpan;
            return false;
        }
    }
}
