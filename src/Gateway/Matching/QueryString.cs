namespace Gatehouse.Gateway.Matching;

/// <summary>Reads parameters of a query in the form <c>a=1&amp;b=2</c>; <c>%HH</c> and <c>+</c> are decoded for comparison.</summary>
public static class QueryString
{
    /// <summary>
    /// Finds the first parameter of a name; names are compared exactly and a repeated parameter counts with its first value
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#httpqueryparammatch).
    /// </summary>
    public static bool TryGetFirst(ReadOnlySpan<char> query, ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var parameter = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = parameter.IndexOf('=');
            var found = equals < 0 ? parameter : parameter[..equals];
            if (!Decoded(found).SequenceEqual(name))
                continue;
            value = equals < 0 ? default : Decoded(parameter[(equals + 1)..]);
            return true;
        }
        value = default;
        return false;
    }

    private static ReadOnlySpan<char> Decoded(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('%', '+') < 0)
            return text;
        return Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
    }
}
