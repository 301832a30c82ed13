using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Streams;

/// <summary>Decides a connection or a session of datagrams: listener → host → rule → backend. Does nothing but decide.</summary>
internal static class StreamRouter
{
    /// <summary>Fills in the record.</summary>
    /// <param name="table">Table.</param>
    /// <param name="listener">Listener that takes it.</param>
    /// <param name="host">Name in the TLS handshake; empty: none.</param>
    /// <param name="record">Record.</param>
    /// <returns>Why it must be refused; null: the backend gets it.</returns>
    public static StreamFault? Decide(RouteTable table, ListenerNode<HostRuntime> listener, ReadOnlySpan<char> host, StreamRecord record)
    {
        record.Listener = listener.Entry;
        if (!listener.Hosts.TryFind(host, out var found) || found.Rules.Count == 0 || found.Matcher.Entry.Matches.Count > 0)
            return StreamFault.NoRoute;
        var rule = record.Rule = found.Rules[0];
        // An invalid reference's share is refused (https://gateway-api.sigs.k8s.io/reference/spec/#tcprouterule).
        if (rule.Rule.FixedStatus is not null || rule.Pick() is not { } target)
            return StreamFault.InvalidBackend;
        record.Target = target;
        if (target.Backend is not { } key)
            return target.FailureStatus == StatusCodes.Status503ServiceUnavailable ? StreamFault.NoBackend : StreamFault.InvalidBackend;
        if (!table.Backends.TryGetValue(key, out var state))
            return StreamFault.NoBackend;
        record.Backend = state;
        return null;
    }
}
