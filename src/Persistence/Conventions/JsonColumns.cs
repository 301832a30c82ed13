using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Gatehouse.Persistence.Conventions;

/// <summary>Columns that hold JSON.</summary>
internal static class JsonColumns
{
    private static readonly ValueConverter<IReadOnlyDictionary<string, string>, string> MapConverter = new(
        map => JsonSerializer.Serialize(map, JsonSerializerOptions.Default),
        text => Read(text));

    private static readonly ValueComparer<IReadOnlyDictionary<string, string>> MapComparer = new(
        (left, right) => SameEntries(left, right),
        map => map.Count,
        map => map);

    /// <summary>A jsonb object of strings. Maps are replaced, never changed in place, so the reference is its own snapshot.</summary>
    public static void AsStringMap(this PropertyBuilder<IReadOnlyDictionary<string, string>> property) =>
        property.HasColumnType("jsonb").HasConversion(MapConverter, MapComparer);

    /// <summary>JSON text in a jsonb column.</summary>
    public static PropertyBuilder<T> AsJson<T>(this PropertyBuilder<T> property) => property.HasColumnType("jsonb");

    private static Dictionary<string, string> Read(string text) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? [];

    private static bool SameEntries(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right)
    {
        if (ReferenceEquals(left, right))
            return true;
        if (left is null || right is null || left.Count != right.Count)
            return false;
        return left.All(entry => right.TryGetValue(entry.Key, out var value) && value == entry.Value);
    }
}
