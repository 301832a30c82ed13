using System.Buffers;
using Gatehouse.Gateway.Compilation.Normalize;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>The matches of a host that are asked before another one, found by the paths that cover its path.</summary>
internal sealed class AskedMatches
{
    /// <summary>Of more matches with one path only those without further conditions and equal ones are found: the cost of a host stays in bounds.</summary>
    private const int MaxCompared = 64;

    private static readonly SearchValues<char> RegexCharacters = SearchValues.Create("\\*+?|{}[]()^$.# \t\r\n");

    private readonly Dictionary<(string Type, string Path), List<(CompiledMatch Match, int Place)>> _byPath = [];
    private int _count;

    public void Add(CompiledMatch match)
    {
        var path = PlainOf(match);
        if (!_byPath.TryGetValue(path, out var list))
            _byPath[path] = list = [];
        list.Add((match, _count++));
    }

    /// <summary>The first match that fits whatever another one fits; null: none is known.</summary>
    public CompiledMatch? FirstCovering(CompiledMatch match)
    {
        (CompiledMatch Match, int Place)? first = null;
        foreach (var path in Covering(PlainOf(match)))
        {
            if (_byPath.TryGetValue(path, out var list) && FirstIn(list, match) is { } candidate && (first is null || candidate.Place < first.Value.Place))
                first = candidate;
        }
        return first?.Match;
    }

    private static (CompiledMatch Match, int Place)? FirstIn(List<(CompiledMatch Match, int Place)> list, CompiledMatch match)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if ((i < MaxCompared || HasNoConditions(list[i].Match)) && Covers(list[i].Match, match))
                return list[i];
        }
        return null;
    }

    // Whatever the path: each condition of one is a condition of the other.
    private static bool Covers(CompiledMatch wide, CompiledMatch narrow) =>
        (wide.Method is null || wide.Method == narrow.Method) && Within(wide.Headers, narrow.Headers) && Within(wide.Query, narrow.Query);

    private static bool Within(IReadOnlyList<ValueMatch>? wide, IReadOnlyList<ValueMatch>? narrow)
    {
        foreach (var condition in wide ?? [])
        {
            if (narrow is null || !narrow.Contains(condition))
                return false;
        }
        return true;
    }

    private static bool HasNoConditions(CompiledMatch match) =>
        match.Method is null && match.Headers is null or { Count: 0 } && match.Query is null or { Count: 0 };

    // An expression of literal characters is an exact path; one that takes everything is the prefix of all.
    private static (string Type, string Path) PlainOf(CompiledMatch match)
    {
        if (match.PathType != MatchNormalizer.RegularExpression)
            return (match.PathType, match.Path);
        if (match.Path is ".*" or "/.*")
            return (MatchNormalizer.Prefix, "/");
        return match.Path.AsSpan().ContainsAny(RegexCharacters) ? (match.PathType, match.Path) : (MatchNormalizer.Exact, match.Path);
    }

    private static IEnumerable<(string Type, string Path)> Covering((string Type, string Path) path)
    {
        yield return path;
        if (path.Type == MatchNormalizer.RegularExpression)
        {
            yield return (MatchNormalizer.Prefix, "/");
            yield break;
        }
        var rest = path.Path;
        if (path.Type != MatchNormalizer.Prefix && rest.Length > 1)
            yield return (MatchNormalizer.Prefix, rest);
        while (rest.Length > 1)
        {
            rest = rest[..Math.Max(1, rest.LastIndexOf('/'))];
            if (rest.Length > 1 || path != (MatchNormalizer.Prefix, "/"))
                yield return (MatchNormalizer.Prefix, rest);
        }
        if (path == (MatchNormalizer.Exact, "/"))
            yield return (MatchNormalizer.Prefix, "/");
    }
}
