namespace Gatehouse.Gateway.Compilation.Tables;

/// <summary>One table of a pool: entries, their hash, and what was set but not settled yet.</summary>
internal sealed class EntryTable<T>(string name)
    where T : class
{
    private readonly ShardedMap<string, T> _entries = new();
    private readonly Dictionary<string, T?> _pending = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, T>? _view;

    public int Count => _entries.Count;

    public UInt128 Hash { get; private set; }

    /// <summary>Adds, replaces or (null) removes an entry; the last word before <see cref="Settle"/> holds.</summary>
    public void Set(string key, T? entry) => _pending[key] = entry;

    /// <summary>Applies what was set; an entry that is as it was before is no change.</summary>
    public void Settle(List<TableChange> changes)
    {
        foreach (var (key, entry) in _pending)
        {
            var before = _entries.TryGetValue(key, out var old) ? HashOf(key, old) : 0;
            var after = entry is null ? 0 : HashOf(key, entry);
            if (before == after)
                continue;
            if (entry is null)
                _entries.Remove(key);
            else
                _entries.Set(key, entry);
            Hash = unchecked(Hash - before + after);
            _view = null;
            changes.Add(new TableChange(name, key, entry, after));
        }
        _pending.Clear();
    }

    public IReadOnlyDictionary<string, T> View() => _view ??= _entries.View();

    private UInt128 HashOf(string key, T entry) => TableHash.OfEntry(name, key, entry);
}
