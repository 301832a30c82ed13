using Gatehouse.Gateway.Compilation;

namespace Gatehouse.Control.Feed;

/// <summary>
/// The newest version of one pool and the last steps that led to it. Steps are merged for whoever is behind: a slow data plane gets
/// each entry once, in its newest form.
/// </summary>
internal sealed class PoolFeed(int capacity)
{
    private const int MaxSteps = 4_096;

    private readonly Lock _lock = new();
    private readonly List<PoolDelta> _steps = [];
    private readonly ChangeBell _bell = new();
    private PoolVersion? _current;
    private int _entries;

    /// <summary>Ends when there is something new.</summary>
    public Task Next => _bell.Next;

    /// <summary>The newest version; null: nothing is compiled yet.</summary>
    public PoolVersion? Current
    {
        get
        {
            lock (_lock)
                return _current;
        }
    }

    /// <summary>Starts over: what led here is not known entry by entry.</summary>
    public void Replace(PoolVersion version)
    {
        lock (_lock)
        {
            _steps.Clear();
            _entries = 0;
            _current = version;
        }

        _bell.Ring();
    }

    /// <summary>Adds a step.</summary>
    public void Advance(PoolVersion version, IReadOnlyList<TableChange> changes)
    {
        lock (_lock)
        {
            if (_current is { } current)
            {
                _steps.Add(new PoolDelta(current.Position, changes));
                _entries += changes.Count;
                Trim();
            }

            _current = version;
        }

        _bell.Ring();
    }

    /// <summary>What leads from a position to the newest version; null: it is there already, or nothing is compiled yet.</summary>
    public FeedStep? StepFrom(FeedPosition position)
    {
        lock (_lock)
        {
            if (_current is not { } current || current.Position == position)
                return null;
            var first = _steps.FindLastIndex(step => step.From == position);
            if (first >= 0)
                return new FeedStep(current, Merge(first));

            // Another control process, or this one before its restart, served the same entries: only the number is new.
            var sameEntries = current.Table.Hash == position.Hash && current.Revision >= position.Revision;
            return new FeedStep(current, sameEntries ? [] : null);
        }
    }

    private IReadOnlyCollection<TableChange> Merge(int first)
    {
        if (first == _steps.Count - 1)
            return _steps[first].Changes;
        var merged = new Dictionary<(string, string), TableChange>();
        for (var i = first; i < _steps.Count; i++)
        {
            foreach (var change in _steps[i].Changes)
                merged[(change.Table, change.Key)] = change;
        }

        return merged.Values;
    }

    private void Trim()
    {
        var surplus = 0;
        while (surplus < _steps.Count && (_entries > capacity || _steps.Count - surplus > MaxSteps))
            _entries -= _steps[surplus++].Changes.Count;
        _steps.RemoveRange(0, surplus);
    }
}
