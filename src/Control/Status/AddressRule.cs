using Gatehouse.Contracts.Api;
using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status;

/// <summary>The addresses of a Gateway as data planes report them (https://gateway-api.sigs.k8s.io/reference/spec/#gatewaystatus, addresses).</summary>
internal static class AddressRule
{
    private const string NotUsable = "AddressNotUsable";

    /// <summary>Programmed=False of a Gateway that asks for an address that no data plane's machine has; null: none does.</summary>
    public static Verdict? Problem(ObjectView view)
    {
        if (view.Compiled.Key.Kind != ResourceKind.Gateway)
            return null;
        foreach (var (replica, socket) in Sockets(view))
        {
            if (IsUnusable(socket))
                return Verdict.False(NotUsable, $"Data plane `{replica}` cannot bind {socket.Address}: its machine does not have the address. Remove it from spec.addresses, or ask a platform admin to give it to the machine.");
        }

        return null;
    }

    /// <summary>The addresses that are bound: those asked for but for unusable ones, or what the data planes bind by default.</summary>
    public static List<StatusAddress>? Of(ObjectView view)
    {
        if (view.Compiled.Addresses is not { } asked)
            return null;
        var sockets = Sockets(view).Select(found => found.Socket).ToList();
        return asked.Count == 0
            ? [.. sockets.Where(socket => socket.Bound).Select(socket => socket.Address).Distinct().Order(StringComparer.Ordinal).Select(address => new StatusAddress("IPAddress", address))]
            : [.. asked.Where(address => !sockets.Exists(socket => IsUnusable(socket) && socket.Address == address.Value)).Select(address => new StatusAddress(address.Type, address.Value))];
    }

    private static bool IsUnusable(SocketReport socket) => socket is { Bound: false, Error: { } error } && error.StartsWith(NotUsable, StringComparison.Ordinal);

    private static IEnumerable<(string Replica, SocketReport Socket)> Sockets(ObjectView view) =>
        from pool in view.Replicas
        from listener in ListenersOf(view, pool.Key)
        from replica in pool.Value
        from socket in replica.Sockets
        where socket.Port == listener.Port && (listener.Addresses.Count == 0 ? socket.IsDefault : listener.Addresses.Contains(socket.Address))
        select (replica.Replica, socket);

    private static IEnumerable<ListenerEntry> ListenersOf(ObjectView view, string pool) =>
        view.Snapshot.Pools.TryGetValue(pool, out var table)
            ? view.Compiled.ListenerIds.Select(id => table.Table.Listeners.GetValueOrDefault(id)).OfType<ListenerEntry>()
            : [];
}
