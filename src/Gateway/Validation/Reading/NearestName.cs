namespace Gatehouse.Gateway.Validation.Reading;

/// <summary>Guesses which field was meant.</summary>
internal static class NearestName
{
    /// <summary>Longer names are not typing errors, and the comparison costs the product of the lengths.</summary>
    private const int MaxLength = 40;

    /// <summary>The known name within a third of the written one's length, letter case aside; null if none is that close.</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length > MaxLength)
            return null;
        var (best, bestDistance) = ((string?)null, Math.Max(1, written.Length / 3) + 1);
        foreach (var name in known)
        {
            var distance = Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < bestDistance)
                (best, bestDistance) = (name, distance);
        }
        return best;
    }

    /// <summary>Levenshtein's edit distance.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 0; i < left.Length; i++)
        {
            current[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
                current[j + 1] = Math.Min(Math.Min(current[j], previous[j + 1]) + 1, previous[j] + (left[i] == right[j] ? 0 : 1));
            (previous, current) = (current, previous);
        }
        return previous[right.Length];
    }
}
