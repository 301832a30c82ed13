using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Compilation.Tables;

/// <summary>
/// A dictionary of which consistent views can be taken at any moment for nothing. Entries lie in 4,096 shards below 64
/// branches; the first change after a view copies one branch (64 references) and one shard, however many entries there are.
/// Changes are the owner's alone; views may be read by any thread.
/// </summary>
internal sealed class ShardedMap<TKey, TValue>
    where TKey : notnull
{
    private const int Fan = 64;

    private Branch[] _branches = new Branch[Fan];
    private object _edit = new();
    private bool _rootShared;

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>A view of what is there now; later changes do not show in it.</summary>
    public IReadOnlyDictionary<TKey, TValue> View()
    {
        _edit = new object();
        _rootShared = true;
        return new Reader(_branches, Count);
    }

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => TryFind(_branches, key, out value);

    public void Set(TKey key, TValue value)
    {
        var hash = key.GetHashCode();
        var shard = Own(hash);
        var index = shard.IndexOf(hash, key);
        if (index >= 0)
        {
            shard.Entries[index].Value = value;
            return;
        }
        if (shard.Count == shard.Entries.Length)
            Array.Resize(ref shard.Entries, shard.Count + (shard.Count >> 2) + 4);
        shard.Entries[shard.Count++] = new Entry { Hash = hash, Key = key, Value = value };
        Count++;
    }

    public bool Remove(TKey key)
    {
        if (!TryGetValue(key, out _))
            return false;
        var hash = key.GetHashCode();
        var shard = Own(hash);
        var index = shard.IndexOf(hash, key);
        shard.Entries[index] = shard.Entries[--shard.Count];
        shard.Entries[shard.Count] = default;
        Count--;
        return true;
    }

    private Shard Own(int hash)
    {
        if (_rootShared)
        {
            _branches = [.. _branches];
            _rootShared = false;
        }
        var (high, low) = Place(hash);
        ref var branch = ref _branches[high];
        if (branch is null)
            branch = new Branch(new Shard[Fan], _edit);
        else if (branch.Owner != _edit)
            branch = new Branch([.. branch.Shards], _edit);
        ref var shard = ref branch.Shards[low];
        if (shard is null)
            shard = new Shard([], 0, _edit);
        else if (shard.Owner != _edit)
            shard = new Shard([.. shard.Entries.AsSpan(0, shard.Count)], shard.Count, _edit);
        return shard;
    }

    // Strings are hashed with a secret, so tenants cannot choose names that all fall into one shard.
    private static (int High, int Low) Place(int hash)
    {
        var mixed = (uint)hash * 2654435769u;
        return ((int)(mixed >> 26), (int)((mixed >> 20) & (Fan - 1)));
    }

    private static bool TryFind(Branch[] branches, TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var hash = key.GetHashCode();
        var (high, low) = Place(hash);
        if (branches[high]?.Shards[low] is { } shard && shard.IndexOf(hash, key) is >= 0 and var index)
        {
            value = shard.Entries[index].Value;
            return true;
        }
        value = default;
        return false;
    }

    private struct Entry
    {
        public int Hash;
        public TKey Key;
        public TValue Value;
    }

    private sealed class Branch(Shard[] shards, object owner)
    {
        public readonly Shard[] Shards = shards;
        public readonly object Owner = owner;
    }

    private sealed class Shard(Entry[] entries, int count, object owner)
    {
        public Entry[] Entries = entries;
        public int Count = count;
        public readonly object Owner = owner;

        public int IndexOf(int hash, TKey key)
        {
            for (var i = 0; i < Count; i++)
            {
                if (Entries[i].Hash == hash && EqualityComparer<TKey>.Default.Equals(Entries[i].Key, key))
                    return i;
            }
            return -1;
        }
    }

    private sealed class Reader(Branch[] branches, int count) : IReadOnlyDictionary<TKey, TValue>
    {
        public int Count => count;

        public IEnumerable<TKey> Keys => this.Select(entry => entry.Key);

        public IEnumerable<TValue> Values => this.Select(entry => entry.Value);

        public TValue this[TKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();

        public bool ContainsKey(TKey key) => TryGetValue(key, out _);

        public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => TryFind(branches, key, out value);

        public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
        {
            foreach (var branch in branches)
            {
                foreach (var shard in branch?.Shards ?? [])
                {
                    for (var i = 0; i < (shard?.Count ?? 0); i++)
                        yield return new(shard!.Entries[i].Key, shard.Entries[i].Value);
                }
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
