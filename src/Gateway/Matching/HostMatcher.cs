namespace Gatehouse.Gateway.Matching;

/// <summary>
/// Picks the first match of a host entry that fits a request. Large entries are indexed by path, so that the cost follows the
/// matches that can fit and not their number. Immutable; safe for all threads; allocates nothing per request.
/// </summary>
public sealed class HostMatcher : IMatchableHost
{
    /// <summary>Below this a scan is faster than the index.</summary>
    private const int IndexFrom = 8;

    private readonly MatchPredicate[] _predicates;
    private readonly PathIndex? _index;

    /// <summary>Whether the first match fits every request, as that of most hosts does.</summary>
    private readonly bool _fitsAll;

    /// <summary>Builds the matcher of a host entry.</summary>
    /// <exception cref="MatchTableException">A match is malformed: its rule is missing, or its path type or regular expression is unknown here.</exception>
    public HostMatcher(HostEntry entry)
    {
        Entry = entry;
        _predicates = new MatchPredicate[entry.Matches.Count];
        for (var i = 0; i < _predicates.Length; i++)
        {
            if (entry.Matches[i].Rule < 0 || entry.Matches[i].Rule >= entry.Rules.Count)
                throw new MatchTableException($"match {i} of host {entry.Hostname} names rule {entry.Matches[i].Rule} of {entry.Rules.Count}");
            _predicates[i] = new MatchPredicate(entry.Matches[i]);
        }
        _fitsAll = _predicates.Length > 0 && _predicates[0].FitsAll;
        if (_predicates.Length >= IndexFrom)
            _index = new PathIndex(entry.Matches);
    }

    /// <summary>The entry that this matcher was built from.</summary>
    public HostEntry Entry { get; }

    HostMatcher IMatchableHost.Matcher => this;

    /// <summary>Finds the first match in precedence order that fits.</summary>
    /// <param name="request">Request.</param>
    /// <param name="matchIndex">Index into <see cref="HostEntry.Matches"/>.</param>
    public bool TryMatch<TRequest>(in TRequest request, out int matchIndex)
        where TRequest : IMatchableRequest, allows ref struct
    {
        if (_fitsAll)
        {
            matchIndex = 0;
            return true;
        }
        matchIndex = _index is null ? Scan(request) : _index.FirstMatch(_predicates, request);
        return matchIndex >= 0;
    }

    /// <summary>Whether one match fits, whatever its rank; for explanations.</summary>
    public bool Fits<TRequest>(int matchIndex, in TRequest request)
        where TRequest : IMatchableRequest, allows ref struct =>
        _predicates[matchIndex].PathFits(request.Path) && _predicates[matchIndex].RestFits(request);

    internal int Scan<TRequest>(in TRequest request)
        where TRequest : IMatchableRequest, allows ref struct
    {
        for (var i = 0; i < _predicates.Length; i++)
        {
            if (_predicates[i].PathFits(request.Path) && _predicates[i].RestFits(request))
                return i;
        }
        return -1;
    }
}
