using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Matching;

/// <summary>One match, made ready to be tested. A value, so that those of a host lie side by side: among many hosts each step to another object costs more than the comparison.</summary>
internal readonly struct MatchPredicate
{
    private readonly PathKind _kind;
    private readonly string _path;
    private readonly Regex? _pathRegex;
    private readonly string? _method;
    private readonly ValuePredicate[] _headers;
    private readonly ValuePredicate[] _query;

    public MatchPredicate(CompiledMatch match)
    {
        _kind = KindOf(match.PathType);
        _path = match.Path;
        _pathRegex = _kind == PathKind.Regex ? RegexOf(match.Path) : null;
        _method = match.Method;
        _headers = Values(match.Headers, StringComparer.OrdinalIgnoreCase);
        _query = Values(match.Query, StringComparer.Ordinal);
    }

    /// <summary>Whether every request fits.</summary>
    public bool FitsAll => _kind == PathKind.Prefix && _path.Length <= 1 && _method is null && _headers.Length == 0 && _query.Length == 0;

    public static PathKind KindOf(string pathType) => pathType switch
    {
        "Exact" => PathKind.Exact,
        "PathPrefix" => PathKind.Prefix,
        "RegularExpression" => PathKind.Regex,
        _ => throw new MatchTableException($"path type {pathType} is unknown"),
    };

    /// <summary>A prefix counts by whole segments (https://gateway-api.sigs.k8s.io/reference/spec/#pathmatchtype).</summary>
    public bool PathFits(ReadOnlySpan<char> path) => _kind switch
    {
        PathKind.Exact => path.SequenceEqual(_path),
        PathKind.Prefix => _path.Length <= 1 || (path.StartsWith(_path) && (path.Length == _path.Length || path[_path.Length] == '/')),
        _ => _pathRegex!.IsMatch(path),
    };

    public bool RestFits<TRequest>(in TRequest request)
        where TRequest : IMatchableRequest, allows ref struct
    {
        if (_method is not null && _method != request.Method)
            return false;
        foreach (ref readonly var header in _headers.AsSpan())
        {
            if (request.Header(header.Name) is not { } value || !header.Fits(value))
                return false;
        }
        foreach (ref readonly var parameter in _query.AsSpan())
        {
            if (!QueryString.TryGetFirst(request.Query, parameter.Name, out var value) || !parameter.Fits(value))
                return false;
        }
        return true;
    }

    // Of entries with equal names only the first counts (https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch).
    private static ValuePredicate[] Values(IReadOnlyList<ValueMatch>? matches, StringComparer names) =>
        matches is null ? [] : [.. matches.DistinctBy(match => match.Name, names).Select(match => new ValuePredicate(match))];

    private static Regex RegexOf(string pattern) =>
        TenantRegex.TryCreate(pattern, out var error) ?? throw new MatchTableException($"regular expression: {error}");

    private readonly struct ValuePredicate(ValueMatch match)
    {
        private readonly string _value = match.Value;
        private readonly Regex? _regex = match.Regex ? RegexOf(match.Value) : null;

        public string Name { get; } = match.Name;

        public bool Fits(ReadOnlySpan<char> value) => _regex is null ? value.SequenceEqual(_value) : _regex.IsMatch(value);
    }
}

/// <summary>How a path is compared.</summary>
internal enum PathKind
{
    Exact,
    Prefix,
    Regex,
}
