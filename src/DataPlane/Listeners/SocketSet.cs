using System.Net;
using System.Net.Sockets;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>
/// Opens and closes sockets so that they are those that the table's listeners ask for. A socket that cannot be bound is reported and
/// tried again; it holds up no other.
/// </summary>
internal sealed partial class SocketSet(DataPlaneOptions options, LaneTransport transport, ConnectionLimits limits, TimeProvider clock, ILogger<SocketSet> log)
{
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, BoundSocket> _open = [];
    private readonly Dictionary<IPEndPoint, string> _failed = [];
    private IReadOnlyList<SocketKey> _wanted = [];
    private bool _stopped;

    /// <summary>Raised after a socket was opened, closed or could not be bound.</summary>
    public event Action? Changed;

    /// <summary>Whether a socket could not be bound.</summary>
    public bool HasFailures
    {
        get
        {
            lock (_gate)
                return _failed.Count > 0;
        }
    }

    /// <summary>What is bound.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints
    {
        get
        {
            lock (_gate)
                return [.. _open.Keys];
        }
    }

    /// <summary>Makes the open sockets those of <paramref name="wanted"/>.</summary>
    public void Apply(IReadOnlyCollection<SocketKey> wanted)
    {
        List<BoundSocket> surplus;
        bool changed;
        lock (_gate)
        {
            if (_stopped)
                return;
            // Ports that --publish names come first, then the lower ones: a stable choice where two listener ports claim one bound port.
            _wanted = [.. wanted.OrderBy(key => options.Publish.ContainsKey(key.Port) ? 0 : 1).ThenBy(key => key.Port).ThenByDescending(key => key.Address, StringComparer.Ordinal)];
            (surplus, changed) = Reconcile();
        }
        foreach (var socket in surplus)
            _ = socket.CloseAsync(CloseTime, clock);
        if (changed)
            Changed?.Invoke();
    }

    /// <summary>Tries again what could not be bound.</summary>
    public void Retry() => Apply(_wanted);

    /// <summary>State of every socket that is wanted.</summary>
    public IReadOnlyList<SocketReport> Report()
    {
        lock (_gate)
            return [.. _wanted.Select(ReportOf)];
    }

    /// <summary>Closes everything for good.</summary>
    public async Task DrainAsync(TimeSpan drain)
    {
        BoundSocket[] all;
        lock (_gate)
        {
            _stopped = true;
            all = [.. _open.Values];
            _open.Clear();
        }
        await Task.WhenAll(all.Select(socket => socket.CloseAsync(drain, clock)));
    }

    private (List<BoundSocket> Surplus, bool Changed) Reconcile()
    {
        var keys = new Dictionary<IPEndPoint, List<SocketKey>>();
        foreach (var key in _wanted)
        {
            if (EndPointOf(key) is not { } endpoint)
                continue;
            if (!keys.TryGetValue(endpoint, out var sharing))
                keys[endpoint] = [key];
            else if (sharing[0].Port == key.Port)
                sharing.Add(key);
        }
        var surplus = _open.Where(socket => !keys.ContainsKey(socket.Key)).ToList();
        foreach (var (endpoint, _) in surplus)
            _open.Remove(endpoint);
        var changed = surplus.Count > 0 | _failed.RemoveWhere(endpoint => !keys.ContainsKey(endpoint));
        foreach (var (endpoint, sharing) in keys)
            changed |= OpenOrUpdate(endpoint, sharing);
        return ([.. surplus.Select(socket => socket.Value)], changed);
    }

    private bool OpenOrUpdate(IPEndPoint endpoint, List<SocketKey> keys)
    {
        if (_open.TryGetValue(endpoint, out var socket))
        {
            var changed = !socket.Keys.SequenceEqual(keys);
            socket.Keys = keys;
            return changed;
        }
        try
        {
            socket = BoundSocket.Open(endpoint, transport, limits);
        }
        catch (SocketException failure)
        {
            var error = ReasonOf(failure);
            if (_failed.TryGetValue(endpoint, out var before) && before == error)
                return false;
            _failed[endpoint] = error;
            Log.CannotBind(log, endpoint, error);
            return true;
        }
        socket.Keys = keys;
        socket.Start();
        _open[endpoint] = socket;
        _failed.Remove(endpoint);
        Log.Bound(log, endpoint, keys[0].Port);
        return true;
    }

    private SocketReport ReportOf(SocketKey key)
    {
        var bound = options.Publish.TryGetValue(key.Port, out var port) ? port : key.Port;
        var address = key.Address.Length == 0 ? options.Bind.ToString() : key.Address;
        if (EndPointOf(key) is not { } endpoint)
            return new SocketReport(address, key.Port, bound, false, "AddressNotUsable: not an IP address");
        if (_open.TryGetValue(endpoint, out var socket) && socket.Keys.Contains(key))
            return new SocketReport(address, key.Port, bound, true);
        var error = _failed.GetValueOrDefault(endpoint) ?? $"PortUnavailable: port {bound} is taken by another listener port of this data plane";
        return new SocketReport(address, key.Port, bound, false, error);
    }

    private IPEndPoint? EndPointOf(SocketKey key)
    {
        var port = options.Publish.TryGetValue(key.Port, out var mapped) ? mapped : key.Port;
        if (key.Address.Length == 0)
            return new IPEndPoint(options.Bind, port);
        return IPAddress.TryParse(key.Address, out var address) ? new IPEndPoint(address, port) : null;
    }

    private static string ReasonOf(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "PortUnavailable: the port is in use by another process",
        SocketError.AccessDenied => "PortUnavailable: this process may not bind the port",
        SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => "AddressNotUsable: this machine does not have the address",
        _ => $"PortUnavailable: {failure.SocketErrorCode}",
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {EndPoint} for listener port {Port}.")]
        public static partial void Bound(ILogger logger, IPEndPoint endPoint, int port);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot listen on {EndPoint}: {Reason}. It is tried again.")]
        public static partial void CannotBind(ILogger logger, IPEndPoint endPoint, string reason);
    }
}

file static class Dictionaries
{
    public static bool RemoveWhere<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, Func<TKey, bool> condition)
        where TKey : notnull
    {
        var surplus = dictionary.Keys.Where(condition).ToList();
        foreach (var key in surplus)
            dictionary.Remove(key);
        return surplus.Count > 0;
    }
}
