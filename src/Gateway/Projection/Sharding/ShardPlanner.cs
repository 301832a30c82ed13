namespace Gatehouse.Gateway.Projection.Sharding;

/// <summary>Something that lies in one shard of a scope.</summary>
/// <param name="Id">What it is known by in its scope.</param>
/// <param name="CreatedAt">Age: older ones come first.</param>
/// <param name="Cost">What it takes of each kind of room.</param>
internal sealed record ShardItem(string Id, DateTimeOffset CreatedAt, ShardCost Cost);

/// <summary>Room in a shard.</summary>
/// <param name="First">For example listeners, or hostnames.</param>
/// <param name="Second">For example references.</param>
internal readonly record struct ShardCost(int First, int Second = 0)
{
    public bool FitsInto(ShardCost room) => First <= room.First && Second <= room.Second;

    public static ShardCost operator +(ShardCost left, ShardCost right) => new(left.First + right.First, left.Second + right.Second);
}

/// <summary>
/// Assigns items to shards without reshuffle: who has a shard keeps it, who is new goes to the first one with room. What fits into the
/// first shard is not remembered; as the oldest fill it, remembering begins when another one is needed, and nothing moves then.
/// </summary>
internal static class ShardPlanner
{
    /// <summary>Assigns items.</summary>
    /// <param name="items">Items, distinct by id.</param>
    /// <param name="room">Room in a shard; the first may have less.</param>
    /// <param name="taken">What is taken of the first shard already.</param>
    /// <param name="before">Earlier assignments.</param>
    /// <param name="fits">Whether an item may be in a shard beside others; null: always.</param>
    public static IReadOnlyDictionary<string, int> Assign(
        IReadOnlyCollection<ShardItem> items, ShardCost room, ShardCost taken, IReadOnlyDictionary<string, int> before, Func<ShardItem, IReadOnlyList<ShardItem>, bool>? fits = null)
    {
        var shards = new List<(ShardCost Used, List<ShardItem> Items)> { (taken, []) };
        var result = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items.Where(item => before.ContainsKey(item.Id)))
            Put(item, before[item.Id]);
        foreach (var item in items.Where(item => !before.ContainsKey(item.Id)).OrderBy(static item => item.CreatedAt).ThenBy(static item => item.Id, StringComparer.Ordinal))
            Put(item, Enumerable.Range(0, shards.Count + 1).First(shard => shard == shards.Count || Has(shard, item)));
        return result;

        bool Has(int shard, ShardItem item) =>
            (shards[shard].Used + item.Cost).FitsInto(room) && (fits is null || shards[shard].Items.Count == 0 || fits(item, shards[shard].Items));

        void Put(ShardItem item, int shard)
        {
            while (shards.Count <= shard)
                shards.Add((default, []));
            shards[shard].Items.Add(item);
            shards[shard] = (shards[shard].Used + item.Cost, shards[shard].Items);
            result[item.Id] = shard;
        }
    }
}
