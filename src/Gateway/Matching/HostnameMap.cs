using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Matching;

/// <summary>
/// An immutable map from hostnames: exact names, wildcards and "any". A wildcard <c>*.example.com</c> covers one or more labels
/// (https://gateway-api.sigs.k8s.io/reference/spec/#hostname).
/// </summary>
/// <typeparam name="T">Value.</typeparam>
public sealed class HostnameMap<T>
    where T : class
{
    private readonly PersistentMap<T> _names;
    private readonly int _wildcards;
    private readonly T? _any;

    private HostnameMap(PersistentMap<T> names, int wildcards, T? any)
    {
        _names = names;
        _wildcards = wildcards;
        _any = any;
    }

    /// <summary>No names.</summary>
    internal static HostnameMap<T> Empty { get; } = new(PersistentMap<T>.Empty, 0, null);

    /// <summary>Number of names.</summary>
    public int Count => _names.Count + (_any is null ? 0 : 1);

    /// <summary>All values, in no order.</summary>
    public IEnumerable<T> Values
    {
        get
        {
            foreach (var entry in _names.Entries)
                yield return entry.Value;
            if (_any is not null)
                yield return _any;
        }
    }

    /// <summary>The most specific entry for a host: exact, then the wildcard with the most labels, then any.</summary>
    public bool TryFind(ReadOnlySpan<char> host, [NotNullWhen(true)] out T? value)
    {
        var candidates = Candidates(host);
        value = candidates.MoveNext() ? candidates.Current : null;
        return value is not null;
    }

    /// <summary>All entries that cover a host, the most specific first.</summary>
    /// <param name="host">Lower case, without port.</param>
    public CandidateEnumerator Candidates(ReadOnlySpan<char> host) => new(this, host);

    /// <summary>A builder that starts with these names; this map stays as it is.</summary>
    public Builder ToBuilder() => new(this);

    /// <summary>Walks the entries that cover a host, the most specific first; allocates nothing.</summary>
    public ref struct CandidateEnumerator
    {
        private readonly HostnameMap<T> _map;
        private readonly ReadOnlySpan<char> _host;
        private ReadOnlySpan<char> _rest;
        private Step _step;

        internal CandidateEnumerator(HostnameMap<T> map, ReadOnlySpan<char> host)
        {
            _map = map;
            _host = host;
            _rest = map._wildcards > 0 ? host : default;
            Current = null!;
        }

        private enum Step
        {
            Exact,
            Wildcard,
            Any,
            Done,
        }

        /// <summary>The entry.</summary>
        public T Current { get; private set; }

        /// <summary>Lets <c>foreach</c> use it.</summary>
        public readonly CandidateEnumerator GetEnumerator() => this;

        /// <summary>Goes on to the next entry.</summary>
        public bool MoveNext()
        {
            if (_step == Step.Exact)
            {
                _step = Step.Wildcard;
                if (_map._names.TryGetValue(_host, out var exact))
                    return Found(exact);
            }
            if (_step == Step.Wildcard)
            {
                while (NextSuffix())
                {
                    if (_map._names.TryGetValue(_rest, out var wildcard))
                        return Found(wildcard);
                }
                _step = Step.Any;
            }
            if (_step != Step.Any)
                return false;
            _step = Step.Done;
            return _map._any is { } any && Found(any);
        }

        private bool Found(T value)
        {
            Current = value;
            return true;
        }

        // Wildcards are stored by their suffix with its dot, which is a slice of the host: ".example.com".
        private bool NextSuffix()
        {
            if (_rest.IsEmpty)
                return false;
            var dot = _rest[1..].IndexOf('.');
            _rest = dot < 0 ? default : _rest[(dot + 1)..];
            return dot >= 0;
        }
    }

    /// <summary>Changes a copy.</summary>
    public sealed class Builder
    {
        private readonly PersistentMap<T>.Builder _names;
        private int _wildcards;
        private T? _any;

        internal Builder(HostnameMap<T> origin)
        {
            _names = origin._names.ToBuilder();
            _wildcards = origin._wildcards;
            _any = origin._any;
        }

        /// <summary>The entry of exactly this name.</summary>
        public T? Get(string? hostname) =>
            IsAny(hostname) ? _any : _names.TryGetValue(KeyOf(hostname), out var value) ? value : null;

        /// <summary>Adds, replaces or (null) removes the entry of a name: exact, <c>*.suffix</c>, or null or <c>*</c> for any.</summary>
        public void Set(string? hostname, T? value)
        {
            if (IsAny(hostname))
            {
                _any = value;
                return;
            }
            var before = _names.Count;
            if (value is null)
                _names.Remove(KeyOf(hostname).ToString());
            else
                _names.Set(hostname[0] == '*' ? hostname[1..] : hostname, value);
            if (hostname[0] == '*')
                _wildcards += _names.Count - before;
        }

        /// <summary>The map as it is now. The builder must not be used again.</summary>
        public HostnameMap<T> Build() => new(_names.Build(), _wildcards, _any);

        private static bool IsAny([NotNullWhen(false)] string? hostname) => hostname is null or "" or "*";

        private static ReadOnlySpan<char> KeyOf(string hostname) => hostname[0] == '*' ? hostname.AsSpan(1) : hostname;
    }
}
