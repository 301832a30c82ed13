using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Matching;

/// <summary>The pure index of a match table, as explanations use it; the data plane keeps more for each host.</summary>
public static class MatchResolver
{
    /// <summary>Builds the index of a whole table.</summary>
    public static ListenerIndex<HostMatcher> Index(MatchTable table)
    {
        var builder = ListenerIndex.Empty<HostMatcher>().ToBuilder();
        foreach (var listener in table.Listeners.Values)
            builder.SetListener(listener);
        foreach (var host in table.Hosts.Values)
            builder.SetHost(host.Listener, host.Hostname, new HostMatcher(host));
        return builder.Build();
    }

    /// <summary>The first host of a listener, from exact over wildcard to any, that has a fitting match; what the data plane does too.</summary>
    public static bool TryMatch<TRequest>(
        ListenerNode<HostMatcher> listener, ReadOnlySpan<char> host, in TRequest request, [NotNullWhen(true)] out HostMatcher? matcher, out int matchIndex)
        where TRequest : IMatchableRequest, allows ref struct
    {
        foreach (var candidate in listener.Hosts.Candidates(host))
        {
            if (candidate.TryMatch(request, out matchIndex))
            {
                matcher = candidate;
                return true;
            }
        }
        matcher = null;
        matchIndex = -1;
        return false;
    }
}
