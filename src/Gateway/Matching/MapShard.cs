using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Matching;

/// <summary>An entry of a shard; without a key the slot is free.</summary>
internal readonly record struct Slot<T>(int Hash, string? Key, T Value);

/// <summary>
/// A part of a <see cref="PersistentMap{T}"/>: open addressing in one array whose length is a power of two, so that a lookup goes
/// from the array of shards to the slot with no object between them.
/// </summary>
internal static class MapShard
{
    private const int FewestSlots = 2;

    public static Slot<T>[] New<T>() => new Slot<T>[FewestSlots];

    public static bool TryGetValue<T>(Slot<T>[] slots, int hash, ReadOnlySpan<char> key, [MaybeNullWhen(false)] out T value)
    {
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

    /// <summary>Adds or replaces an entry in place, or in a larger array if it would get crowded.</summary>
    /// <param name="slots">Slots; another array afterwards if they were too few.</param>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="key">Key.</param>
    /// <param name="value">Value.</param>
    /// <returns>Whether the key is new.</returns>
    public static bool Set<T>(ref Slot<T>[] slots, int hash, string key, T value)
    {
        var count = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Key is not { } found)
                continue;
            if (slots[i].Hash == hash && found == key)
            {
                slots[i] = new Slot<T>(hash, key, value);
                return false;
            }
            count++;
        }
        // Never more than two in three are taken, so that a search ends soon.
        if ((count + 1) * 3 > slots.Length * 2)
            slots = Rebuild(slots, slots.Length * 2, without: null);
        Insert(slots, new Slot<T>(hash, key, value));
        return true;
    }

    /// <summary>The slots without one of the keys; null: nothing is left.</summary>
    public static Slot<T>[]? Without<T>(Slot<T>[] slots, string key)
    {
        var rest = Rebuild(slots, slots.Length, key);
        return Array.Exists(rest, slot => slot.Key is not null) ? rest : null;
    }

    /// <summary>Puts a key that is not there into the first free slot from its place on.</summary>
    public static void Insert<T>(Slot<T>[] slots, Slot<T> entry)
    {
        var i = entry.Hash & (slots.Length - 1);
        while (slots[i].Key is not null)
            i = (i + 1) & (slots.Length - 1);
        slots[i] = entry;
    }

    private static Slot<T>[] Rebuild<T>(Slot<T>[] slots, int length, string? without)
    {
        var rebuilt = new Slot<T>[length];
        foreach (var slot in slots)
        {
            if (slot.Key is not null && slot.Key != without)
                Insert(rebuilt, slot);
        }
        return rebuilt;
    }
}
