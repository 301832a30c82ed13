namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Distinct names of a few things. Nearly every object has one pool, one listener and one backend: that costs no set.</summary>
internal static class DistinctNames
{
    /// <summary>Distinct names in the order of the items.</summary>
    public static IReadOnlyList<string> Of<T>(IReadOnlyList<T> items, Func<T, string> name) => items.Count switch
    {
        0 => [],
        1 => new[] { name(items[0]) },
        _ => items.Select(name).Distinct().ToArray(),
    };

    /// <summary>Distinct names in ordinal order.</summary>
    public static IReadOnlyList<string> Sorted<T>(IReadOnlyList<T> items, Func<T, string> name) =>
        items.Count <= 1 ? Of(items, name) : items.Select(name).Distinct().Order(StringComparer.Ordinal).ToArray();
}
