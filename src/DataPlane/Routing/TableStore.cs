using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Tls;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Routing;

/// <summary>
/// Holds the table in force and applies changes to it: all of a change at once, at the cost of what it touches. An entry that cannot be
/// used is refused alone, and what it would have replaced stays in force.
/// </summary>
internal sealed class TableStore(BackendRegistry backends, SocketSet sockets, CurrentTable current)
{
    private readonly Lock _gate = new();

    /// <summary>Raised after a change, with the keys of the backends that it touched.</summary>
    public event Action<IReadOnlyCollection<string>>? Applied;

    /// <summary>The table in force.</summary>
    public RouteTable Current => current.Current;

    /// <summary>Applies a change and returns what was refused of it.</summary>
    public IReadOnlyList<Refusal> Apply(IEnumerable<TableEdit> edits)
    {
        var refusals = new List<Refusal>();
        var retired = new List<BackendState>();
        var touched = new List<string>();
        lock (_gate)
        {
            var before = current.Current;
            var listeners = before.Listeners.ToBuilder();
            var states = before.Backends.ToBuilder();
            var certificates = before.Certificates.ToBuilder();
            var challenges = before.Challenges.ToBuilder();
            var changed = new List<string>();
            foreach (var edit in edits)
            {
                if (edit.Table == FeedEntry.Listeners)
                    changed.Add(edit.Key);
                try
                {
                    if (edit.Table == FeedEntry.Certificates)
                        Replace(edit, certificates);
                    else if (edit.Table == FeedEntry.Challenges)
                        Replace(edit, challenges);
                    else if (Apply(edit, listeners, states, retired, touched) is { } problem)
                        refusals.Add(new Refusal(edit.Table, edit.Key, problem));
                }
                catch (Exception failure)
                {
                    // Whatever is wrong with an entry is that entry's: the others must be served.
                    refusals.Add(new Refusal(edit.Table, edit.Key, failure is MatchTableException ? failure.Message : failure.GetType().Name));
                }
            }
            var after = current.Current = new RouteTable(listeners.Build(), states.Build(), certificates.Build(), challenges.Build());
            DrainChanged(before.Listeners, after.Listeners, changed);
            sockets.Apply(SocketsOf(after));
        }
        foreach (var state in retired)
            backends.Retire(state);
        Applied?.Invoke(touched);
        return refusals;
    }

    private static Dictionary<SocketKey, SocketProtocol> SocketsOf(RouteTable table)
    {
        var wanted = table.Listeners.Sockets.ToDictionary(socket => socket, socket => SocketProtocols.Of(table.Listeners.AnyOf(socket)!));
        foreach (var socket in table.Challenges.Sockets)
            wanted.TryAdd(socket, SocketProtocol.Tls);
        return wanted;
    }

    // Connections that a listener let in by other rules than those in force now must not go on for ever.
    private void DrainChanged(ListenerIndex<HostRuntime> before, ListenerIndex<HostRuntime> after, List<string> changed)
    {
        var surplus = changed.Where(id => before.TryGet(id, out var old)
            && !(after.TryGet(id, out var now) && now.Entry.Protocol == old.Entry.Protocol && now.Entry.Port == old.Entry.Port
                && now.Entry.Tls?.Passthrough == old.Entry.Tls?.Passthrough && now.Entry.Tls?.ClientValidation == old.Entry.Tls?.ClientValidation
                && now.Entry.Tls?.MinimumVersion == old.Entry.Tls?.MinimumVersion)).ToHashSet(StringComparer.Ordinal);
        if (surplus.Count > 0)
            sockets.Drain(surplus);
    }

    /// <summary>Applies one change; what it returns is wrong with a part of the entry, which fails closed.</summary>
    private string? Apply(
        TableEdit edit, ListenerIndexBuilder<HostRuntime> listeners, PersistentMap<BackendState>.Builder states, List<BackendState> retired, List<string> touched)
    {
        switch (edit.Table)
        {
            case FeedEntry.Listeners when edit.Entry is null:
                listeners.RemoveListener(edit.Key);
                return null;
            case FeedEntry.Listeners:
                listeners.SetListener(Checked((ListenerEntry)edit.Entry, edit.Key));
                return null;
            case FeedEntry.Hosts:
                var (listener, hostname) = Split(edit.Key);
                var runtime = edit.Entry is HostEntry host ? new HostRuntime(Checked(host, edit.Key)) : null;
                listeners.SetHost(listener, hostname, runtime);
                return runtime?.Problem;
            case FeedEntry.Backends:
                var before = states.TryGetValue(edit.Key, out var known) ? known : null;
                Replace(edit, states, before);
                touched.Add(edit.Key);
                if (before is not null)
                    retired.Add(before);
                return null;
            default:
                throw new MatchTableException($"table {edit.Table} is unknown");
        }
    }

    private void Replace(TableEdit edit, PersistentMap<BackendState>.Builder states, BackendState? before)
    {
        if (edit.Entry is not BackendEntry entry)
            states.Remove(edit.Key);
        else if (entry.Key == edit.Key)
            states.Set(edit.Key, backends.Create(entry, before));
        else
            throw new MatchTableException("the entry has another key");
    }

    private static void Replace(TableEdit edit, PersistentMap<CertificateState>.Builder certificates)
    {
        if (edit.Entry is not CertificateEntry entry)
            certificates.Remove(edit.Key);
        else if (entry.Key != edit.Key)
            throw new MatchTableException("the entry has another key");
        else
            certificates.Set(edit.Key, new CertificateState(entry, edit.Secret ?? throw NoKey(edit)));
    }

    private static void Replace(TableEdit edit, ChallengeSet.Builder challenges)
    {
        if (edit.Entry is ChallengeEntry entry && entry.Key != edit.Key)
            throw new MatchTableException("the entry has another key");
        challenges.Set(edit.Key, edit.Entry is ChallengeEntry challenge ? new ChallengeState(challenge) : null);
    }

    private static MatchTableException NoKey(TableEdit edit) =>
        new(edit.Withheld is { } reason ? $"its private key was not sent: {reason}" : "its private key was not sent");

    private static ListenerEntry Checked(ListenerEntry entry, string key)
    {
        if (entry.Id != key)
            throw new MatchTableException("the entry has another key");
        if (entry.Port is < 1 or > 65535)
            throw new MatchTableException($"port {entry.Port} does not exist");
        if (entry.HttpsRedirect is not null && entry.Protocol != "HTTP")
            throw new MatchTableException($"a redirect to HTTPS does not go with protocol {entry.Protocol}");
        if (entry.Hsts is { } hsts && (entry.Protocol != "HTTPS" || hsts.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            throw new MatchTableException("Strict-Transport-Security is for HTTPS, and of printable characters");
        if (entry.Tls?.MinimumVersion is not (null or "1.2" or "1.3"))
            throw new MatchTableException($"TLS {entry.Tls.MinimumVersion} is not served by this version");
        return entry.Protocol switch
        {
            "HTTP" when entry.Tls is null => entry,
            "HTTPS" when entry.Tls is { Passthrough: false } => entry,
            "TCP" or "UDP" when entry.Tls is null => entry,
            "TLS" when entry.Tls is not null => entry,
            "HTTP" or "HTTPS" or "TLS" or "TCP" or "UDP" => throw new MatchTableException($"TLS of the listener does not go with protocol {entry.Protocol}"),
            _ => throw new MatchTableException($"protocol {entry.Protocol} is not served by this version"),
        };
    }

    private static HostEntry Checked(HostEntry entry, string key) =>
        entry.Key == key ? entry : throw new MatchTableException("the entry has another key");

    private static (string Listener, string Hostname) Split(string key)
    {
        var bar = key.LastIndexOf('|');
        return bar < 0 ? throw new MatchTableException("a host key is listener|hostname") : (key[..bar], key[(bar + 1)..]);
    }
}
