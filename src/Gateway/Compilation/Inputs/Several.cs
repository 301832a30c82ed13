namespace Gatehouse.Gateway.Compilation.Inputs;

/// <summary>
/// None, one or many values in one field: most places hold one value, and a collection for each would cost more than all else.
/// </summary>
internal static class Several<T>
    where T : class
{
    public static object Add(object? place, T value)
    {
        switch (place)
        {
            case null:
                return value;
            case HashSet<T> many:
                many.Add(value);
                return many;
            default:
                return ReferenceEquals(place, value) ? place : new HashSet<T> { (T)place, value };
        }
    }

    public static object? Remove(object? place, T value)
    {
        if (place is HashSet<T> many)
        {
            many.Remove(value);
            return many.Count > 1 ? many : many.FirstOrDefault();
        }
        return ReferenceEquals(place, value) ? null : place;
    }

    public static void AddTo(List<T> list, object? place)
    {
        if (place is HashSet<T> many)
            list.AddRange(many);
        else if (place is not null)
            list.Add((T)place);
    }

    public static IEnumerable<T> All(object? place) => place switch
    {
        null => [],
        HashSet<T> many => many,
        _ => [(T)place],
    };
}
