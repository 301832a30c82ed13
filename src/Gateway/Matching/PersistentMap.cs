using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// An immutable map from strings (ordinal) that is cheap to change: its entries lie in copy-on-write shards, so a change copies
/// one shard of about a hundred entries however many there are, and readers hold a consistent view without a lock.
/// Lookups take a span and allocate nothing.
/// </summary>
/// <typeparam name="T">Value.</typeparam>
public sealed class PersistentMap<T>
{
    private const int EntriesPerShard = 64;

    private readonly Dictionary<string, T>?[] _shards;

    private PersistentMap(Dictionary<string, T>?[] shards, int count)
    {
        _shards = shards;
        Count = count;
    }

    /// <summary>No entries.</summary>
    internal static PersistentMap<T> Empty { get; } = new([null], 0);

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>All entries, in no order.</summary>
    public IEnumerable<KeyValuePair<string, T>> Entries
    {
        get
        {
            foreach (var shard in _shards)
            {
                foreach (var entry in shard ?? [])
                    yield return entry;
            }
        }
    }

    /// <summary>Looks a key up.</summary>
    public bool TryGetValue(ReadOnlySpan<char> key, [MaybeNullWhen(false)] out T value)
    {
        if (_shards[ShardOf(key, _shards.Length)] is { } shard)
            return shard.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out value);
        value = default;
        return false;
    }

    /// <summary>A builder that starts with these entries; this map stays as it is.</summary>
    public Builder ToBuilder() => new(this);

    private static int ShardOf(ReadOnlySpan<char> key, int shards) =>
        shards == 1 ? 0 : string.GetHashCode(key) & (shards - 1);

    /// <summary>Changes a copy; a shard is copied once, at its first change.</summary>
    public sealed class Builder
    {
        private readonly PersistentMap<T> _origin;
        private Dictionary<string, T>?[] _shards;
        private bool[]? _owned;

        internal Builder(PersistentMap<T> origin)
        {
            _origin = origin;
            _shards = origin._shards;
            Count = origin.Count;
        }

        /// <summary>Number of entries.</summary>
        public int Count { get; private set; }

        /// <summary>Looks a key up.</summary>
        public bool TryGetValue(ReadOnlySpan<char> key, [MaybeNullWhen(false)] out T value)
        {
            if (_shards[ShardOf(key, _shards.Length)] is { } shard)
                return shard.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out value);
            value = default;
            return false;
        }

        /// <summary>Adds or replaces an entry.</summary>
        public void Set(string key, T value)
        {
            if (Count >= _shards.Length * EntriesPerShard * 2)
                Grow();
            var shard = Own(ShardOf(key, _shards.Length));
            var before = shard.Count;
            shard[key] = value;
            Count += shard.Count - before;
        }

        /// <summary>Removes an entry.</summary>
        public bool Remove(string key)
        {
            if (!TryGetValue(key, out _))
                return false;
            Own(ShardOf(key, _shards.Length)).Remove(key);
            Count--;
            return true;
        }

        /// <summary>The map as it is now. The builder must not be used again.</summary>
        public PersistentMap<T> Build() => _owned is null ? _origin : new PersistentMap<T>(_shards, Count);

        private Dictionary<string, T> Own(int index)
        {
            if (_owned is null)
            {
                _owned = new bool[_shards.Length];
                _shards = [.. _shards];
            }
            if (!_owned[index])
            {
                _shards[index] = _shards[index] is { } shared ? new Dictionary<string, T>(shared) : [];
                _owned[index] = true;
            }
            return _shards[index]!;
        }

        private void Grow()
        {
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)(Count / EntriesPerShard + 1)) * 2;
            var grown = new Dictionary<string, T>?[size];
            foreach (var shard in _shards)
            {
                foreach (var (key, value) in shard ?? [])
                    (grown[ShardOf(key, size)] ??= [])[key] = value;
            }
            _shards = grown;
            _owned = new bool[size];
            Array.Fill(_owned, true);
        }
    }
}

/// <summary>Where persistent maps begin.</summary>
public static class PersistentMap
{
    /// <summary>No entries.</summary>
    public static PersistentMap<T> Empty<T>() => PersistentMap<T>.Empty;
}
