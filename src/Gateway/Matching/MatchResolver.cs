using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Gateway.Matching;

/// <summary>What is kept for a host entry, and has a matcher.</summary>
public interface IMatchableHost
{
    /// <summary>Matcher of the entry.</summary>
    HostMatcher Matcher { get; }
}

/// <summary>Which listener takes a request.</summary>
public enum ListenerChoice
{
    /// <summary>One was found.</summary>
    Found,

    /// <summary>None on the socket takes the host: 404.</summary>
    None,

    /// <summary>Another one than TLS was set up for takes the host: 421, so that the client opens a connection of its own.</summary>
    Misdirected,
}

/// <summary>The decision that data planes and explanations share: socket → listener → host → match.</summary>
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

    /// <summary>The listener that takes a request: the most specific one of its socket. On a TLS connection it must be the one that SNI chose
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#listener, hostname; RFC 9110 §15.5.20).</summary>
    /// <param name="index">Listeners.</param>
    /// <param name="sockets">Sockets that the connection came in by, the most specific first.</param>
    /// <param name="host">In the form of <see cref="RequestHost"/>.</param>
    /// <param name="tlsListener">Id of the listener that terminated TLS; null: none did.</param>
    /// <param name="listener">The listener; set for <see cref="ListenerChoice.Found"/> only.</param>
    public static ListenerChoice FindListener<THost>(
        ListenerIndex<THost> index, IReadOnlyList<SocketKey> sockets, ReadOnlySpan<char> host, string? tlsListener, out ListenerNode<THost>? listener)
        where THost : class
    {
        listener = null;
        for (var i = 0; i < sockets.Count; i++)
        {
            if (!index.TryFind(sockets[i], host, out var found))
                continue;
            if (tlsListener is not null && found.Entry.Id != tlsListener)
                return ListenerChoice.Misdirected;
            listener = found;
            return ListenerChoice.Found;
        }
        return ListenerChoice.None;
    }

    /// <summary>The first host of a listener, from exact over wildcard to any, that has a fitting match.</summary>
    public static bool TryMatch<THost, TRequest>(
        ListenerNode<THost> listener, ReadOnlySpan<char> host, in TRequest request, [NotNullWhen(true)] out THost? matched, out int matchIndex)
        where THost : class, IMatchableHost
        where TRequest : IMatchableRequest, allows ref struct
    {
        if (listener.OnlyHost is { } only)
        {
            matched = only.Matcher.TryMatch(request, out matchIndex) ? only : null;
            return matched is not null;
        }
        foreach (var candidate in listener.Hosts.Candidates(host))
        {
            if (candidate.Matcher.TryMatch(request, out matchIndex))
            {
                matched = candidate;
                return true;
            }
        }
        matched = null;
        matchIndex = -1;
        return false;
    }
}
