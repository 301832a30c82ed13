namespace Gatehouse.Sync.Rivals;

/// <summary>An object of somebody else that serves hostnames.</summary>
internal readonly record struct Rival(string Kind, string Namespace, string Name);

/// <summary>Which hostnames others serve in the cluster: names, and whose they are, and nothing else. Immutable.</summary>
internal sealed class RivalHosts
{
    private readonly Dictionary<string, HashSet<Rival>> _hosts = new(StringComparer.Ordinal);

    /// <summary>All names, reversed and sorted: those below a name are neighbours.</summary>
    private readonly string[] _reversed;

    public RivalHosts(IEnumerable<(string Hostname, Rival Rival)> served)
    {
        foreach (var (hostname, rival) in served)
        {
            if (!_hosts.TryGetValue(hostname, out var rivals))
                _hosts[hostname] = rivals = [];
            rivals.Add(rival);
        }
        _reversed = [.. _hosts.Keys.Select(Reverse)];
        Array.Sort(_reversed, StringComparer.Ordinal);
    }

    /// <summary>Nobody else serves anything, as far as is known.</summary>
    public static RivalHosts None { get; } = new([]);

    public bool IsSame(RivalHosts other) =>
        _hosts.Count == other._hosts.Count && _hosts.All(pair => other._hosts.TryGetValue(pair.Key, out var rivals) && rivals.SetEquals(pair.Value));

    /// <summary>Who else serves names that a hostname, exact or wildcard, has in common with theirs; with the narrower of the two names.</summary>
    public IEnumerable<(string Hostname, Rival Rival)> Of(string hostname)
    {
        if (_hosts.Count == 0)
            return [];
        var suffix = hostname.StartsWith("*.", StringComparison.Ordinal) ? hostname[1..] : null;
        var same = RivalsOf(hostname, hostname);
        var wider = WildcardsOver(suffix is null ? hostname : hostname[2..]).SelectMany(wildcard => RivalsOf(wildcard, hostname));
        var narrower = suffix is null ? [] : Below(suffix).Where(name => name != hostname).SelectMany(name => RivalsOf(name, name));
        return same.Concat(wider).Concat(narrower);
    }

    private IEnumerable<(string Hostname, Rival Rival)> RivalsOf(string served, string hostname) =>
        _hosts.TryGetValue(served, out var rivals) ? rivals.Select(rival => (hostname, rival)) : [];

    private static IEnumerable<string> WildcardsOver(string hostname)
    {
        for (var dot = hostname.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = hostname.IndexOf('.', dot + 1))
            yield return "*" + hostname[dot..];
    }

    private IEnumerable<string> Below(string suffix)
    {
        var prefix = Reverse(suffix);
        var first = Array.BinarySearch(_reversed, prefix, StringComparer.Ordinal);
        for (var at = first < 0 ? ~first : first; at < _reversed.Length && _reversed[at].StartsWith(prefix, StringComparison.Ordinal); at++)
            yield return Reverse(_reversed[at]);
    }

    private static string Reverse(string name) => string.Create(name.Length, name, static (reversed, source) =>
    {
        source.CopyTo(reversed);
        reversed.Reverse();
    });
}
