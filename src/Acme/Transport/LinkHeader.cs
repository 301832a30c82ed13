namespace Gatehouse.Acme.Transport;

/// <summary>Links of an answer (RFC 8288 section 3).</summary>
internal static class LinkHeader
{
    /// <summary>Targets of a relation in the order in which they stand.</summary>
    /// <param name="values">Values of the header.</param>
    /// <param name="relation">Name of the relation.</param>
    /// <param name="most">How many are looked for.</param>
    public static IReadOnlyList<string> Targets(IEnumerable<string> values, string relation, int most) =>
        [.. values.SelectMany(Links).Where(link => Relations(link.Parameters).Contains(relation, StringComparer.OrdinalIgnoreCase)).Select(link => link.Target).Take(most)];

    private static IEnumerable<(string Target, string Parameters)> Links(string value)
    {
        for (var start = value.IndexOf('<', StringComparison.Ordinal); start >= 0;)
        {
            var end = value.IndexOf('>', start);
            if (end < 0)
                yield break;
            var next = EndOfParameters(value, end + 1);
            yield return (value[(start + 1)..end], value[(end + 1)..next]);
            start = next < value.Length ? value.IndexOf('<', next) : -1;
        }
    }

    // A comma begins the next link, unless it is quoted.
    private static int EndOfParameters(string value, int from)
    {
        var quoted = false;
        for (var i = from; i < value.Length; i++)
        {
            if (value[i] is '"')
                quoted = !quoted;
            else if (value[i] is ',' && !quoted)
                return i;
        }
        return value.Length;
    }

    private static IEnumerable<string> Relations(string parameters) => parameters.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(parameter => parameter.StartsWith("rel=", StringComparison.OrdinalIgnoreCase))
        .SelectMany(parameter => parameter[4..].Trim('"').Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
