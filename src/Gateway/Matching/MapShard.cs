using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Matching;

/// <summary>A part of a <see cref="PersistentMap{T}"/>: open addressing in one array, so that a lookup stays in few cache lines.</summary>
internal sealed class MapShard<T>
{
    private const int FewestSlots = 2;

    public MapShard()
        : this(new Slot[FewestSlots], 0)
    {
    }

    private MapShard(Slot[] slots, int count)
    {
        Slots = slots;
        Count = count;
    }

    /// <summary>A power of two; a slot without a key is free.</summary>
    public Slot[] Slots { get; private set; }

    public int Count { get; private set; }

    public MapShard<T> Copy() => new([.. Slots], Count);

    public bool TryGetValue(int hash, ReadOnlySpan<char> key, [MaybeNullWhen(false)] out T value)
    {
        var slots = Slots;
        for (var i = hash & (slots.Length - 1); slots[i].Key is { } found; i = (i + 1) & (slots.Length - 1))
        {
            if (slots[i].Hash == hash && key.SequenceEqual(found))
            {
                value = slots[i].Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    public void Set(int hash, string key, T value)
    {
        // Never more than two in three are taken, so that a search ends soon.
        if ((Count + 1) * 3 > Slots.Length * 2)
            Resize();
        var slots = Slots;
        var i = hash & (slots.Length - 1);
        while (slots[i].Key is { } found && !(slots[i].Hash == hash && found == key))
            i = (i + 1) & (slots.Length - 1);
        if (slots[i].Key is null)
            Count++;
        slots[i] = new Slot(hash, key, value);
    }

    /// <summary>A shard without one of the keys; null: nothing is left.</summary>
    public MapShard<T>? Without(string key)
    {
        if (Count == 1)
            return null;
        var rest = new MapShard<T>();
        foreach (var slot in Slots)
        {
            if (slot.Key is not null && slot.Key != key)
                rest.Set(slot.Hash, slot.Key, slot.Value);
        }
        return rest;
    }

    private void Resize()
    {
        var before = Slots;
        Slots = new Slot[before.Length * 2];
        Count = 0;
        foreach (var slot in before)
        {
            if (slot.Key is not null)
                Set(slot.Hash, slot.Key, slot.Value);
        }
    }

    /// <summary>An entry.</summary>
    public readonly record struct Slot(int Hash, string? Key, T Value);
}
