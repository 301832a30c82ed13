using System.Text.Json;

namespace Gatehouse.Gateway.Validation.Reading;

/// <content>Lists and maps. Of lists that are too long only the allowed items are read: hostile input costs what allowed input costs.</content>
internal sealed partial class ObjectReader
{
    public IReadOnlyList<T>? List<T>(string name, Count count, Func<ObjectReader, T> read)
        where T : class => Items(name, count, (element, at) => Read(element, at, errors, read));

    public IReadOnlyList<T> RequiredList<T>(string name, Count count, Func<ObjectReader, T> read)
        where T : class
    {
        if (List(name, count, read) is { } list)
            return list;
        if (!IsSet(name))
            ReportMissing(name);
        return [];
    }

    public IReadOnlyList<string>? Texts(string name, Count count, TextRule rule) =>
        Items(name, count, (element, at) => ReadText(element, at, rule) ?? "");

    public IReadOnlyList<string> RequiredTexts(string name, Count count, TextRule rule)
    {
        if (Texts(name, count, rule) is { } list)
            return list;
        if (!IsSet(name))
            ReportMissing(name);
        return [];
    }

    /// <summary>Texts without repetition (Kubernetes list type "set").</summary>
    public IReadOnlyList<string>? TextSet(string name, Count count, TextRule rule)
    {
        var list = Texts(name, count, rule);
        RequireUnique(name, list, text => text, "Is in the list already; remove the repetition.");
        return list;
    }

    /// <summary>Integers without repetition (Kubernetes list type "set").</summary>
    public IReadOnlyList<int>? IntegerSet(string name, Count count, int min, int max)
    {
        var list = Items(name, count, (element, at) => ReadInteger(element, at, min, max));
        RequireUnique(name, list, number => number, "Is in the list already; remove the repetition.");
        return list?.Select(number => (int)(number ?? 0)).ToList();
    }

    public IReadOnlyDictionary<string, string>? TextMap(string name, Count count, TextRule keys, TextRule values) =>
        Map(name, count, keys, (element, at) => ReadText(element, at, values) ?? "");

    public IReadOnlyDictionary<string, int>? IntegerMap(string name, Count count, TextRule keys, int min, int max) =>
        Map(name, count, keys, (element, at) => (int)(ReadInteger(element, at, min, max) ?? 0));

    private List<T>? Items<T>(string name, Count count, Func<JsonElement, Location, T> read)
    {
        if (!TryTake(name, out var element))
            return null;
        var at = location.Then(name);
        if (element.ValueKind != JsonValueKind.Array)
        {
            ReportType(at, "a list", element);
            return null;
        }
        if (count.Check(element.GetArrayLength()) is { } problem)
            errors.Add(at, problem.Code, problem.Message);
        var items = new List<T>(Math.Min(element.GetArrayLength(), count.Max));
        foreach (var item in element.EnumerateArray())
        {
            if (items.Count == count.Max || errors.IsFull)
                break;
            items.Add(read(item, at.Then(items.Count)));
        }
        return items;
    }

    private Dictionary<string, T>? Map<T>(string name, Count count, TextRule keys, Func<JsonElement, Location, T> read)
    {
        if (!TryTake(name, out var element))
            return null;
        var at = location.Then(name);
        if (element.ValueKind != JsonValueKind.Object)
        {
            ReportType(at, "an object", element);
            return null;
        }
        var entries = new ObjectReader(at, errors);
        entries.Open(element);
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        // A null entry is an absent one, as in Kubernetes.
        var set = entries.fields.Where(field => field.Value.ValueKind != JsonValueKind.Null).ToList();
        if (count.Check(set.Count) is { } problem)
            errors.Add(at, problem.Code, problem.Message);
        foreach (var (key, value) in set)
        {
            if (map.Count == count.Max || errors.IsFull)
                break;
            if (keys.Check(key) is { } wrong)
                errors.Add(at.Then(key), wrong.Code, "Key " + char.ToLowerInvariant(wrong.Message[0]) + wrong.Message[1..]);
            map.Add(key, read(value, at.Then(key)));
        }
        return map;
    }
}
