using System.Net;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Telemetry;

namespace Gatehouse.DataPlane.Streams;

/// <summary>
/// All sessions of datagrams, bounded in all and for each source. At the bound the oldest that is spent makes room; where none is, the
/// newcomer's datagrams are dropped.
/// </summary>
internal sealed class UdpSessions(DataPlaneOptions options, StreamTelemetry telemetry, TimeProvider clock)
{
    /// <summary>How long a session may be silent.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ReportPause = TimeSpan.FromSeconds(1);

    /// <summary>How many old sessions are looked at to find one that is spent.</summary>
    private const int Looks = 32;

    private readonly Lock _gate = new();
    private readonly LinkedList<UdpSession> _all = new();
    private readonly Dictionary<IPAddress, LinkedList<UdpSession>> _bySource = [];
    private readonly Dictionary<UdpSession, Places> _places = [];
    private long _lastReport;

    public int Count
    {
        get
        {
            lock (_gate)
                return _places.Count;
        }
    }

    /// <summary>Takes a new session in; false: there is no room.</summary>
    public bool TryAdd(UdpSession session)
    {
        UdpSession? spent = null;
        lock (_gate)
        {
            var own = options.IsBounded(session.Source) ? _bySource.GetValueOrDefault(session.Source) ?? new LinkedList<UdpSession>() : null;
            var full = own?.Count >= options.MaxUdpSessionsPerAddress ? own : _all.Count >= options.MaxUdpSessions ? _all : null;
            if (full is not null && (spent = full.Take(Looks).FirstOrDefault(candidate => candidate.IsSpent)) is null)
                return false;
            if (spent is not null)
                Remove(spent);
            if (own is not null)
                _bySource[session.Source] = own;
            _places[session] = new Places(_all.AddLast(session), own?.AddLast(session));
        }
        if (spent is not null)
            Ended(spent);
        return true;
    }

    public void End(UdpSession session)
    {
        lock (_gate)
            Remove(session);
        Ended(session);
    }

    /// <summary>Reports a datagram for which there was no room; one a second stands for all.</summary>
    public void Refused(StreamRecord record)
    {
        var last = Volatile.Read(ref _lastReport);
        if (last != 0 && clock.GetElapsedTime(last) < ReportPause)
            return;
        Volatile.Write(ref _lastReport, clock.GetTimestamp());
        record.Fault = StreamFault.TooMany;
        telemetry.Completed(record);
    }

    /// <summary>Ends what has been silent for long; called now and then.</summary>
    public void Sweep() => EndWhere(session => session.Idle > IdleTime);

    /// <summary>Ends those that a condition holds for.</summary>
    public void EndWhere(Func<UdpSession, bool> condition)
    {
        List<UdpSession> ending;
        lock (_gate)
            ending = [.. _all.Where(condition)];
        foreach (var session in ending)
            End(session);
    }

    private void Remove(UdpSession session)
    {
        if (!_places.Remove(session, out var places))
            return;
        _all.Remove(places.InAll);
        if (places.OfSource is not { } node)
            return;
        var own = node.List!;
        own.Remove(node);
        if (own.Count == 0)
            _bySource.Remove(session.Source);
    }

    private void Ended(UdpSession session)
    {
        session.Origin.Forget(session);
        if (!session.End())
            return;
        if (session.Record is { Endpoint: { } endpoint, Backend: { } backend })
        {
            endpoint.Health.StreamEnds();
            backend.Leave();
        }
        if (session.Record.RepliesDropped)
            session.Record.Fault ??= StreamFault.ReplyLimit;
        telemetry.Completed(session.Record);
    }

    private sealed record Places(LinkedListNode<UdpSession> InAll, LinkedListNode<UdpSession>? OfSource);
}
