using System.Collections.Concurrent;
using Gatehouse.DataPlane.Listeners;

namespace Gatehouse.DataPlane.Streams;

/// <summary>All relays that run, to end those in which nothing moves any more.</summary>
internal sealed class RelaySet
{
    /// <summary>A client that is away holds its connection no longer than this.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromHours(1);

    /// <summary>There is no way to ask a stream to end: when its listener closes, silence is taken for the end.</summary>
    private static readonly TimeSpan ClosingIdleTime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Relay, LiveConnection> _running = new();

    public int Count => _running.Count;

    public void Add(Relay relay, LiveConnection connection) => _running[relay] = connection;

    public void Remove(Relay relay) => _running.TryRemove(relay, out _);

    /// <summary>Ends what is idle; called now and then.</summary>
    public void Sweep()
    {
        foreach (var (relay, connection) in _running)
        {
            if (connection.IsClosing && relay.Idle > ClosingIdleTime)
                relay.End(StreamFault.Cut);
            else if (relay.Idle > IdleTime)
                relay.End(StreamFault.Idle);
        }
    }
}
