using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// An immutable map from strings (ordinal) that is cheap to change: its entries lie in copy-on-write shards, so a change copies
/// one shard of about a hundred entries however many there are, and readers hold a consistent view without a lock.
/// Lookups take a span, allocate nothing and touch little memory: the shard, the key, the value.
/// </summary>
/// <typeparam name="T">Value.</typeparam>
public sealed class PersistentMap<T>
{
    private const int EntriesPerShard = 64;

    private readonly Slot<T>[]?[] _shards;

    // Most listeners have one host: that one needs neither hash nor shard.
    private readonly string? _onlyKey;
    private readonly T? _onlyValue;

    private PersistentMap(Slot<T>[]?[] shards, int count)
    {
        _shards = shards;
        Count = count;
        if (count == 1)
            (_onlyKey, _onlyValue) = Entries.First();
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>All entries, in no order.</summary>
    public IEnumerable<KeyValuePair<string, T>> Entries
    {
        get
        {
            foreach (var shard in _shards)
            {
                foreach (var slot in shard ?? [])
                {
                    if (slot.Key is not null)
                        yield return new KeyValuePair<string, T>(slot.Key, slot.Value);
                }
            }
        }
    }

    internal static PersistentMap<T> Empty { get; } = new([null], 0);

    /// <summary>Looks a key up.</summary>
    public bool TryGetValue(ReadOnlySpan<char> key, [MaybeNullWhen(false)] out T value)
    {
        if (_onlyKey is null)
            return TryGetValue(_shards, key, out value);
        value = _onlyValue!;
        return key.SequenceEqual(_onlyKey);
    }

    /// <summary>A builder that starts with these entries; this map stays as it is.</summary>
    public Builder ToBuilder() => new(this);

    private static bool TryGetValue(Slot<T>[]?[] shards, ReadOnlySpan<char> key, [MaybeNullWhen(false)] out T value)
    {
        var hash = string.GetHashCode(key);
        if (shards[IndexOf(hash, shards.Length)] is { } shard)
            return MapShard.TryGetValue(shard, hash, key, out value);
        value = default;
        return false;
    }

    // Shards go by the high bits, slots within them by the low ones.
    private static int IndexOf(int hash, int shards) => shards == 1 ? 0 : (int)((uint)hash >> (32 - BitOperations.Log2((uint)shards)));

    /// <summary>Changes a copy; a shard is copied once, at its first change.</summary>
    public sealed class Builder
    {
        private readonly PersistentMap<T> _origin;
        private Slot<T>[]?[] _shards;
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
        public bool TryGetValue(ReadOnlySpan<char> key, [MaybeNullWhen(false)] out T value) => PersistentMap<T>.TryGetValue(_shards, key, out value);

        /// <summary>Adds or replaces an entry.</summary>
        public void Set(string key, T value)
        {
            if (Count >= _shards.Length * EntriesPerShard * 2)
                Grow();
            var hash = string.GetHashCode(key.AsSpan());
            ref var shard = ref Own(IndexOf(hash, _shards.Length));
            if (MapShard.Set(ref shard!, hash, key, value))
                Count++;
        }

        /// <summary>Removes an entry.</summary>
        public bool Remove(string key)
        {
            if (!TryGetValue(key, out _))
                return false;
            var hash = string.GetHashCode(key.AsSpan());
            var index = IndexOf(hash, _shards.Length);
            ref var shard = ref Own(index);
            shard = MapShard.Without(shard!, key);
            Count--;
            return true;
        }

        /// <summary>The map as it is now. The builder must not be used again.</summary>
        public PersistentMap<T> Build() => _owned is null ? _origin : new PersistentMap<T>(_shards, Count);

        private ref Slot<T>[]? Own(int index)
        {
            if (_owned is null)
            {
                _owned = new bool[_shards.Length];
                _shards = [.. _shards];
            }
            ref var shard = ref _shards[index];
            if (!_owned[index])
                shard = shard is null ? null : [.. shard];
            _owned[index] = true;
            shard ??= MapShard.New<T>();
            return ref shard;
        }

        private void Grow()
        {
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)(Count / EntriesPerShard + 1)) * 2;
            var grown = new Slot<T>[]?[size];
            foreach (var shard in _shards)
            {
                foreach (var slot in shard ?? [])
                {
                    if (slot.Key is null)
                        continue;
                    ref var place = ref grown[IndexOf(slot.Hash, size)];
                    place ??= MapShard.New<T>();
                    MapShard.Set(ref place, slot.Hash, slot.Key, slot.Value);
                }
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
