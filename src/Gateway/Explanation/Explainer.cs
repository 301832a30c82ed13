using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Explanation;

/// <summary>
/// Says which listener, rule, filters and backends a request gets and why the others lost. Listener and match are found by
/// <see cref="MatchResolver"/>, as in the data plane, over the few entries that the request can reach.
/// </summary>
public static class Explainer
{
    private const int MaxOthers = 50;

    /// <summary>Explains a request, connection or datagram to a pool.</summary>
    public static RequestExplanation Explain(Snapshot snapshot, string pool, ExplainRequest request)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(request);
        var explanation = request.IsStream ? ExplainStream(snapshot, pool, request) : ExplainHttp(snapshot, pool, request);
        return request.IsGrpc && Outcomes.GrpcStatusOf(explanation) is { } status
            ? explanation with { GrpcStatus = status, Status = 200 }
            : explanation;
    }

    private static RequestExplanation ExplainHttp(Snapshot snapshot, string pool, ExplainRequest request)
    {
        if (!RequestHost.TryNormalize(request.Host, out var normal))
            return Outcomes.Malformed($"`{request.Host}` is no host name");
        var host = normal.ToString();
        if (RequestPath.Normalize(request.Path) is not { } path)
            return Outcomes.Malformed("the path holds a backslash, a dot segment or broken percent-encoding");
        if (!snapshot.Pools.TryGetValue(pool, out var table))
            return Outcomes.NoListener($"no Gateway is served by pool `{pool}`");
        string? sni = null;
        if (request.IsTls && !TryServerName(request, out sni))
            return Outcomes.Malformed($"`{request.ServerName}` is no TLS server name");
        var view = new Viewpoint(request.Viewer);
        var reachable = ReachableListeners.Find(table.Table, request, sni is null ? [host] : [host, sni]);
        var notes = NotesOf(snapshot, request, host, reachable);
        var tls = sni is null ? null : reachable.ListenerOf(sni);
        if (sni is not null && tls is null)
            return Outcomes.Rejected($"no listener on port {request.Port} takes the TLS server name `{sni}`, so the handshake fails") with { Notes = notes };
        if (tls?.Entry.Protocol == "TLS")
            return Stream(table.Table, tls, sni!, request, view) with { Notes = notes };
        var choice = MatchResolver.FindListener(reachable.Index, reachable.Sockets, host, tls?.Entry.Id, out var listener);
        if (choice == ListenerChoice.Misdirected)
            return Outcomes.Misdirected(host, sni!) with { Listener = view.Show(tls!.Entry, $"TLS was set up for `{sni}`, which it takes"), Notes = notes };
        if (listener is null)
            return Outcomes.NoListener($"no listener on port {request.Port} takes `{host}`{OtherScheme(table.Table, request)}") with { Notes = notes };
        if (listener.Entry.HttpsRedirect is { } redirect && table.Table.Listeners.ContainsKey(redirect.Listener))
            return Outcomes.ToHttps(request, host) with { Listener = view.Show(listener.Entry, "the most specific hostname on this port that covers the host"), Notes = notes };
        return ExplainMatch(table.Table, reachable, listener, host, path, request, view) with { Notes = notes };
    }

    private static RequestExplanation ExplainMatch(
        MatchTable table, ReachableListeners reachable, ListenerNode<HostMatcher> listener, string host, string path, ExplainRequest request, Viewpoint view)
    {
        var matchable = new MatchableRequest(request, path);
        var found = MatchResolver.TryMatch(listener, host, matchable, out var winner, out var index);
        var explanation = found ? Won(table, winner!, index, view) : Outcomes.NoMatch(host);
        return explanation with
        {
            Listener = view.Show(listener.Entry, "the most specific hostname on this port that covers the host"),
            OtherListeners = [.. reachable.Index.Listeners.Where(other => other != listener)
                .OrderBy(other => other.Entry.Id, StringComparer.Ordinal)
                .Select(other => view.Show(other.Entry, "its hostname is less specific: a listener gets only what no more specific one takes"))],
            OtherMatches = [.. Others(listener, host, matchable, winner, index, view).Take(MaxOthers)],
        };
    }

    private static RequestExplanation Won(MatchTable table, HostMatcher winner, int index, Viewpoint view)
    {
        var rule = winner.Entry.Rules[winner.Entry.Matches[index].Rule];
        var hidden = view.Hides(rule.Source);
        var outcome = Outcomes.Of(rule);
        return outcome with
        {
            Summary = hidden ? "Another tenant's route takes the request." : outcome.Summary,
            Match = view.Show(winner.Entry, index, fits: true, "the first match in order of precedence that fits"),
            Actions = hidden ? [] : rule.Actions,
            Backends = view.BackendsOf(table, rule),
            Rule = hidden ? null : rule,
        };
    }

    // In the order in which the data plane asks: hosts from exact to any, their matches by precedence.
    private static IEnumerable<ExplainedMatch> Others(
        ListenerNode<HostMatcher> listener, string host, MatchableRequest matchable, HostMatcher? winner, int won, Viewpoint view)
    {
        var decided = false;
        foreach (var matcher in HostsOf(listener, host))
        {
            for (var i = 0; i < matcher.Entry.Matches.Count; i++)
            {
                if (matcher == winner && i == won)
                {
                    decided = true;
                    continue;
                }
                var fits = matcher.Fits(i, matchable);
                var match = matcher.Entry.Matches[i];
                // How many matches another tenant has is nobody else's business, unless one of them takes the request.
                if (!fits && view.Hides(matcher.Entry.Rules[match.Rule].Source))
                    continue;
                var reason = !fits
                    ? $"the request does not fulfil {MatchReasons.Misses(match, matchable)}"
                    : matcher == winner && decided
                        ? Outranked(winner.Entry, won, i)
                        : "a match under a more specific hostname is asked first";
                yield return view.Show(matcher.Entry, i, fits, reason);
            }
        }
    }

    private static List<HostMatcher> HostsOf(ListenerNode<HostMatcher> listener, string host)
    {
        var hosts = new List<HostMatcher>();
        foreach (var matcher in listener.Hosts.Candidates(host))
            hosts.Add(matcher);
        return hosts;
    }

    private static string Outranked(HostEntry entry, int won, int lost) => MatchReasons.Outranks(
        entry.Matches[won], entry.Rules[entry.Matches[won].Rule].Source, entry.Matches[lost], entry.Rules[entry.Matches[lost].Rule].Source);

    private static RequestExplanation ExplainStream(Snapshot snapshot, string pool, ExplainRequest request)
    {
        if (!snapshot.Pools.TryGetValue(pool, out var table))
            return Outcomes.NoListener($"no Gateway is served by pool `{pool}`");
        var name = "";
        if (request.IsTls && !TryServerName(request, out name))
            return Outcomes.Malformed($"`{request.ServerName}` is no TLS server name");
        var reachable = ReachableListeners.Find(table.Table, request, name);
        var notes = NotesOf(snapshot, request, name, reachable);
        return reachable.ListenerOf(name) is { } listener
            ? Stream(table.Table, listener, name, request, new Viewpoint(request.Viewer)) with { Notes = notes }
            : Outcomes.Rejected($"no listener on port {request.Port} takes {(request.IsTls ? $"the TLS server name `{name}`" : request.Scheme)}") with { Notes = notes };
    }

    private static RequestExplanation Stream(MatchTable table, ListenerNode<HostMatcher> listener, string name, ExplainRequest request, Viewpoint view)
    {
        var shown = view.Show(listener.Entry, request.IsTls ? "the most specific hostname on this port that covers the TLS server name" : "it takes everything on this port");
        foreach (var host in listener.Hosts.Candidates(name))
        {
            var rule = host.Entry.Rules[0];
            var outcome = Outcomes.OfStream(rule);
            return outcome with
            {
                Summary = view.Hides(rule.Source) ? "Another tenant's route takes the connection." : outcome.Summary,
                Listener = shown,
                Match = view.ShowStream(host.Entry, request.IsTls ? "the most specific hostname that covers the TLS server name" : "the oldest route of the listener"),
                Backends = view.BackendsOf(table, rule),
            };
        }
        return Outcomes.Rejected("no route is attached to the listener that takes it") with { Listener = shown };
    }

    private static bool TryServerName(ExplainRequest request, out string name)
    {
        name = request.ServerName;
        if (name.Length == 0)
            return true;
        if (!RequestHost.TryNormalize(name, out var normal))
            return false;
        name = normal.ToString();
        return true;
    }

    private static string OtherScheme(MatchTable table, ExplainRequest request) =>
        table.Listeners.Values.FirstOrDefault(listener => listener.Port == request.Port) is { } other
            ? $" over {request.Scheme}; listeners on this port take {other.Protocol}"
            : "";

    private static List<string> NotesOf(Snapshot snapshot, ExplainRequest request, string host, ReachableListeners reachable)
    {
        var notes = new List<string>();
        if (request.Address is null && reachable.Address.Length > 0)
            notes.Add($"Asked at {reachable.Address}, the only address where a listener takes the name.");
        else if (request.Address is null && reachable.Addresses.Count > 1)
            notes.Add($"Listeners take the name at several addresses: name one of {string.Join(", ", reachable.Addresses.Select(address => address.Length == 0 ? "(default)" : address))} as `address`.");
        if (request.Viewer is { } viewer && snapshot.Statuses.TryGetValue(new ResourceKey(ResourceKind.Hostname, viewer, host), out var status))
            notes.AddRange(status.Conditions.Where(condition => condition.Status != "True").Select(condition => Note(host, condition)));
        return notes;
    }

    private static string Note(string host, Condition condition) => $"Hostname `{host}`: {condition.Type}={condition.Status} ({condition.Reason}): {condition.Message}";
}
