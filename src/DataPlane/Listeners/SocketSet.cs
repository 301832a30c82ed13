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
internal sealed partial class SocketSet(DataPlaneOptions options, SocketFactory factory, TimeProvider clock, ILogger<SocketSet> log)
{
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<Binding, IBoundSocket> _open = [];
    private readonly Dictionary<Binding, string> _failed = [];
    private IReadOnlyList<SocketKey> _wanted = [];
    private IReadOnlyDictionary<SocketKey, SocketProtocol> _protocols = new Dictionary<SocketKey, SocketProtocol>();
    private volatile IReadOnlyList<Binding> _bindings = [];
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
    public IReadOnlyList<Binding> Bindings => _bindings;

    /// <summary>Makes the open sockets those of <paramref name="wanted"/>.</summary>
    public void Apply(IReadOnlyDictionary<SocketKey, SocketProtocol> wanted)
    {
        List<IBoundSocket> surplus;
        bool changed;
        lock (_gate)
        {
            if (_stopped)
                return;
            _protocols = wanted;
            // Ports that --publish names come first, then the lower ones: a stable choice where two listener ports claim one bound port.
            _wanted = [.. wanted.Keys.OrderBy(key => options.Publish.ContainsKey(key.Port) ? 0 : 1).ThenBy(key => key.Port).ThenByDescending(key => key.Address, StringComparer.Ordinal)];
            (surplus, changed) = Reconcile();
            _bindings = [.. _open.Keys];
        }
        foreach (var socket in surplus)
            _ = socket.CloseAsync(CloseTime, clock);
        if (changed)
            Changed?.Invoke();
    }

    /// <summary>Tries again what could not be bound.</summary>
    public void Retry() => Apply(_protocols);

    /// <summary>Gives the connections of listeners that are gone, or that let in others than before, some time and then ends them.</summary>
    public void Drain(IReadOnlySet<string> listeners)
    {
        BoundSocket[] all;
        lock (_gate)
            all = [.. _open.Values.OfType<BoundSocket>()];
        foreach (var socket in all)
            _ = socket.DrainAsync(connection => connection.Listener is { } id && listeners.Contains(id), CloseTime, clock);
    }

    /// <summary>State of every socket that is wanted.</summary>
    public IReadOnlyList<SocketReport> Report()
    {
        lock (_gate)
            return [.. _wanted.Select(ReportOf)];
    }

    /// <summary>Closes everything for good.</summary>
    public async Task DrainAsync(TimeSpan drain)
    {
        IBoundSocket[] all;
        lock (_gate)
        {
            _stopped = true;
            all = [.. _open.Values];
            _open.Clear();
        }
        await Task.WhenAll(all.Select(socket => socket.CloseAsync(drain, clock)));
    }

    private (List<IBoundSocket> Surplus, bool Changed) Reconcile()
    {
        var keys = new Dictionary<Binding, List<SocketKey>>();
        foreach (var key in _wanted)
        {
            if (BindingOf(key) is not { } binding)
                continue;
            if (!keys.TryGetValue(binding, out var sharing))
                keys[binding] = [key];
            else if (sharing[0].Port == key.Port)
                sharing.Add(key);
        }
        var surplus = _open.Where(socket => !keys.ContainsKey(socket.Key)).ToList();
        foreach (var (binding, _) in surplus)
            _open.Remove(binding);
        var changed = surplus.Count > 0 | _failed.RemoveWhere(binding => !keys.ContainsKey(binding));
        foreach (var (binding, sharing) in keys)
            changed |= OpenOrUpdate(binding, sharing);
        return ([.. surplus.Select(socket => socket.Value)], changed);
    }

    private bool OpenOrUpdate(Binding binding, List<SocketKey> keys)
    {
        if (_open.TryGetValue(binding, out var socket))
            return Update(socket, keys);
        try
        {
            socket = factory.Open(binding, _protocols[keys[0]]);
        }
        catch (SocketException failure)
        {
            var error = ReasonOf(failure);
            if (_failed.TryGetValue(binding, out var before) && before == error)
                return false;
            _failed[binding] = error;
            Log.CannotBind(log, binding, error);
            return true;
        }
        socket.Keys = keys;
        socket.Start();
        _open[binding] = socket;
        _failed.Remove(binding);
        Log.Bound(log, binding, keys[0].Port);
        return true;
    }

    private bool Update(IBoundSocket socket, List<SocketKey> keys)
    {
        var changed = !socket.Keys.SequenceEqual(keys);
        socket.Keys = keys;
        if (socket is BoundSocket connections && connections.Protocol != _protocols[keys[0]])
        {
            // The port stays open. Connections of the old protocol may end what they are about.
            var protocol = connections.Protocol = _protocols[keys[0]];
            _ = connections.DrainAsync(connection => connection.Protocol != protocol, CloseTime, clock);
        }
        return changed;
    }

    private SocketReport ReportOf(SocketKey key)
    {
        var bound = options.Publish.TryGetValue(key.Port, out var port) ? port : key.Port;
        var isDefault = key.Address.Length == 0;
        var address = isDefault ? options.Bind.ToString() : key.Address;
        if (BindingOf(key) is not { } binding)
            return new SocketReport(address, key.Port, bound, false, "AddressNotUsable: not an IP address", key.Udp, isDefault);
        if (_open.TryGetValue(binding, out var socket) && socket.Keys.Contains(key))
            return new SocketReport(address, key.Port, bound, true, Udp: key.Udp, IsDefault: isDefault);
        var error = _failed.GetValueOrDefault(binding) ?? $"PortUnavailable: port {bound} is taken by another listener port of this data plane";
        return new SocketReport(address, key.Port, bound, false, error, key.Udp, isDefault);
    }

    private Binding? BindingOf(SocketKey key)
    {
        var port = options.Publish.TryGetValue(key.Port, out var mapped) ? mapped : key.Port;
        if (key.Address.Length == 0)
            return new Binding(new IPEndPoint(options.Bind, port), key.Udp);
        return IPAddress.TryParse(key.Address, out var address) ? new Binding(new IPEndPoint(address, port), key.Udp) : null;
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
        public static partial void Bound(ILogger logger, Binding endPoint, int port);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot listen on {EndPoint}: {Reason}. It is tried again.")]
        public static partial void CannotBind(ILogger logger, Binding endPoint, string reason);
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
