namespace Gatehouse.Api.Resources;

/// <summary>Labels and annotations.</summary>
internal static class StringMaps
{
    /// <summary>Whether both have the same entries.</summary>
    public static bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(entry => right.TryGetValue(entry.Key, out var value) && value == entry.Value);
}
