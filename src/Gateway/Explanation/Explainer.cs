using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Explanation;

/// <summary>
/// Says which listener, rule, filters and backends a request gets and why the others lost. Listener and match are found by the
/// index and matcher that the data plane uses, over the few entries that the host can reach.
/// </summary>
public static class Explainer
{
    private const int MaxOthers = 50;

    /// <summary>Explains a request to a pool.</summary>
    public static RequestExplanation Explain(Snapshot snapshot, string pool, ExplainRequest request)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(request);
        if (!RequestHost.TryNormalize(request.Host, out var normal))
            return Malformed($"`{request.Host}` is no host name");
        var host = normal.ToString();
        if (RequestPath.Normalize(request.Path) is not { } path)
            return Malformed("the path holds a backslash, a dot segment or broken percent-encoding");
        if (!snapshot.Pools.TryGetValue(pool, out var table))
            return NoListener(snapshot, request, host, $"no Gateway is served by pool `{pool}`");
        var reachable = Reachable(table.Table, request, host);
        if (!reachable.TryFind(new SocketKey(request.Address, request.Port), host, out var listener))
            return NoListener(snapshot, request, host, $"no listener on port {request.Port} takes `{host}`");
        var matchable = new MatchableRequest(request, path);
        var found = MatchResolver.TryMatch(listener, host, matchable, out var winner, out var index);
        var explanation = found ? Won(table.Table, winner!, index, request) : Lost(host);
        return explanation with
        {
            Listener = Show(listener.Entry, request, "the most specific hostname on this port that covers the host"),
            OtherListeners = [.. reachable.Listeners.Where(other => other != listener)
                .OrderBy(other => other.Entry.Id, StringComparer.Ordinal)
                .Select(other => Show(other.Entry, request, "its hostname is less specific: a listener gets only what no more specific one takes"))],
            OtherMatches = [.. Others(listener, host, matchable, winner, index, request).Take(MaxOthers)],
            Notes = NotesOf(snapshot, request, host),
        };
    }

    // The listeners that cover the host on this socket with the host entries that cover it: what the data plane would look at.
    private static ListenerIndex<HostMatcher> Reachable(MatchTable table, ExplainRequest request, string host)
    {
        var builder = ListenerIndex.Empty<HostMatcher>().ToBuilder();
        var socket = new SocketKey(request.Address, request.Port);
        foreach (var listener in table.Listeners.Values)
        {
            if (!HostnameSet.Covers(listener.Hostname ?? HostnameSet.Any, host) || !SocketKey.Of(listener).Contains(socket))
                continue;
            builder.SetListener(listener);
            foreach (var hostname in Covering(host))
            {
                if (table.Hosts.TryGetValue(HostEntry.KeyOf(listener.Id, hostname), out var entry))
                    builder.SetHost(listener.Id, hostname, new HostMatcher(entry));
            }
        }
        return builder.Build();
    }

    private static IEnumerable<string> Covering(string host)
    {
        yield return host;
        for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
            yield return $"*{host.AsSpan(dot)}";
        yield return HostnameSet.Any;
    }

    private static RequestExplanation Won(MatchTable table, HostMatcher winner, int index, ExplainRequest request)
    {
        var match = winner.Entry.Matches[index];
        var rule = winner.Entry.Rules[match.Rule];
        var redirect = rule.Actions.OfType<RedirectAction>().FirstOrDefault();
        var (outcome, status, summary) = rule.FixedStatus is { } answer
            ? (RequestOutcome.RuleFailed, answer, $"The rule answers {answer}: it has no usable backend, or could not be compiled. Its route's conditions say which.")
            : redirect is not null
                ? (RequestOutcome.Redirected, redirect.StatusCode, $"The rule redirects with {redirect.StatusCode}.")
                : (RequestOutcome.Forwarded, (int?)null, "The rule sends the request to one of its backends.");
        var hidden = IsHidden(rule.Source.Tenant, request);
        return new RequestExplanation
        {
            Outcome = outcome,
            Status = status,
            Summary = hidden ? "Another tenant's route takes the request." : summary,
            Match = Show(winner.Entry, index, request, fits: true, "the first match in order of precedence that fits"),
            Actions = hidden ? [] : rule.Actions,
            Backends = hidden ? [] : BackendsOf(table, rule),
        };
    }

    private static ExplainedBackend[] BackendsOf(MatchTable table, CompiledRule rule)
    {
        var total = rule.Backends.Sum(backend => (long)backend.Weight);
        return [.. rule.Backends.Select(backend => new ExplainedBackend(
            backend.Backend,
            backend.Weight,
            total == 0 ? 0 : 100.0 * backend.Weight / total,
            backend.FailureStatus,
            backend.Backend is { } key && table.Backends.TryGetValue(key, out var entry) ? entry.Endpoints.Count : 0))];
    }

    // In the order in which the data plane asks: hosts from exact to any, their matches by precedence.
    private static IEnumerable<ExplainedMatch> Others(
        ListenerNode<HostMatcher> listener, string host, MatchableRequest matchable, HostMatcher? winner, int won, ExplainRequest request)
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
                var reason = !fits
                    ? $"the request does not fulfil {MatchReasons.Misses(match, matchable)}"
                    : matcher == winner && decided
                        ? Outranked(winner.Entry, won, i)
                        : "a match under a more specific hostname is asked first";
                yield return Show(matcher.Entry, i, request, fits, reason);
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

    private static ExplainedMatch Show(HostEntry entry, int index, ExplainRequest request, bool fits, string reason)
    {
        var match = entry.Matches[index];
        var source = entry.Rules[match.Rule].Source;
        return IsHidden(source.Tenant, request)
            ? new ExplainedMatch(null, 0, entry.Hostname, "", fits, "another tenant's route")
            : new ExplainedMatch(source, match.Index, entry.Hostname, MatchReasons.Describe(match), fits, reason);
    }

    private static ExplainedListener Show(ListenerEntry listener, ExplainRequest request, string reason)
    {
        // The platform's listeners are everybody's to see: they are what tenants attach to.
        var hidden = listener.Tenant != ResourceKind.PlatformTenant && IsHidden(listener.Tenant, request);
        return new ExplainedListener(hidden ? null : listener.Id, hidden ? null : listener.Gateway, listener.Hostname ?? HostnameSet.Any, reason);
    }

    private static bool IsHidden(string tenant, ExplainRequest request) => request.Viewer is { } viewer && viewer != tenant;

    private static IReadOnlyList<string> NotesOf(Snapshot snapshot, ExplainRequest request, string host)
    {
        if (request.Viewer is not { } viewer || !snapshot.Statuses.TryGetValue(new ResourceKey(ResourceKind.Hostname, viewer, host), out var status))
            return [];
        return [.. status.Conditions.Where(condition => condition.Status != "True").Select(condition => Note(host, condition))];
    }

    private static string Note(string host, Condition condition) => $"Hostname `{host}`: {condition.Type}={condition.Status} ({condition.Reason}): {condition.Message}";

    private static RequestExplanation Lost(string host) => new()
    {
        Outcome = RequestOutcome.NoMatch,
        Status = 404,
        Summary = $"The listener takes `{host}`, but no match of a route that is attached to it fits: 404.",
    };

    private static RequestExplanation NoListener(Snapshot snapshot, ExplainRequest request, string host, string reason) => new()
    {
        Outcome = RequestOutcome.NoListener,
        Status = 404,
        Summary = $"Nothing serves the request: {reason}.",
        Notes = NotesOf(snapshot, request, host),
    };

    private static RequestExplanation Malformed(string reason) => new()
    {
        Outcome = RequestOutcome.Malformed,
        Status = 400,
        Summary = $"The request is refused with 400: {reason}.",
    };
}
