namespace Gatehouse.Gateway.Matching;

/// <summary>
/// Finds the matches that a path can fit: one lookup for exact paths, one for each segment of the path for prefixes, and the
/// regular expressions, which all must be asked. Each list is in precedence order, and the least index over all lists wins.
/// </summary>
internal sealed class PathIndex
{
    private readonly Dictionary<string, int[]> _exact;
    private readonly Dictionary<string, int[]> _prefixes;
    private readonly int[] _everyPath;
    private readonly int[] _regexes;
    private readonly int _longestPrefix;

    public PathIndex(IReadOnlyList<CompiledMatch> matches)
    {
        var kinds = matches.Select((match, index) => (Kind: MatchPredicate.KindOf(match.PathType), match.Path, Index: index)).ToArray();
        _exact = ByPath(kinds.Where(match => match.Kind == PathKind.Exact));
        _prefixes = ByPath(kinds.Where(match => match.Kind == PathKind.Prefix && match.Path.Length > 1));
        _everyPath = [.. kinds.Where(match => match.Kind == PathKind.Prefix && match.Path.Length <= 1).Select(match => match.Index)];
        _regexes = [.. kinds.Where(match => match.Kind == PathKind.Regex).Select(match => match.Index)];
        _longestPrefix = _prefixes.Count == 0 ? 0 : _prefixes.Keys.Max(prefix => prefix.Length);
    }

    public int FirstMatch<TRequest>(MatchPredicate[] predicates, in TRequest request)
        where TRequest : IMatchableRequest, allows ref struct
    {
        var path = request.Path;
        var best = int.MaxValue;
        if (_exact.Count > 0 && _exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var exact))
            best = First(predicates, exact, best, request);
        if (_prefixes.Count > 0)
            best = FirstPrefix(predicates, path, best, request);
        best = First(predicates, _everyPath, best, request);
        foreach (var index in _regexes)
        {
            if (index >= best)
                break;
            if (predicates[index].RestFits(request) && predicates[index].PathFits(path))
                best = index;
        }
        return best == int.MaxValue ? -1 : best;
    }

    private int FirstPrefix<TRequest>(MatchPredicate[] predicates, ReadOnlySpan<char> path, int best, in TRequest request)
        where TRequest : IMatchableRequest, allows ref struct
    {
        var lookup = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        // The longest first, as it mostly ranks first and then ends the other scans early.
        var prefix = path;
        if (path.Length > _longestPrefix)
            prefix = path[_longestPrefix] == '/' ? path[.._longestPrefix] : Parent(path[.._longestPrefix]);
        for (; prefix.Length > 1; prefix = Parent(prefix))
        {
            if (lookup.TryGetValue(prefix, out var matches))
                best = First(predicates, matches, best, request);
        }
        return best;
    }

    private static ReadOnlySpan<char> Parent(ReadOnlySpan<char> path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private static int First<TRequest>(MatchPredicate[] predicates, int[] candidates, int best, in TRequest request)
        where TRequest : IMatchableRequest, allows ref struct
    {
        foreach (var index in candidates)
        {
            if (index >= best)
                break;
            if (predicates[index].RestFits(request))
                return index;
        }
        return best;
    }

    private static Dictionary<string, int[]> ByPath(IEnumerable<(PathKind Kind, string Path, int Index)> matches) =>
        matches.GroupBy(match => match.Path, match => match.Index, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
}
