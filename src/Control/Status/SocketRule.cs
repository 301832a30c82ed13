using Gatehouse.Contracts.Feed;
using Gatehouse.Control.Replicas;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Control.Status;

/// <summary>Whether a replica accepts connections for a listener.</summary>
internal static class SocketRule
{
    /// <summary>Null: it does.</summary>
    public static Verdict? Of(ListenerEntry listener, ReplicaState replica)
    {
        var sockets = replica.Sockets.Where(socket => socket.Port == listener.Port && socket.Udp == (listener.Protocol == "UDP")).ToList();
        if (listener.Addresses.Count == 0)
            return sockets.Exists(socket => socket is { Bound: true, IsDefault: true }) ? null : Unbound(listener, replica, sockets.FirstOrDefault(socket => socket.IsDefault));
        foreach (var address in listener.Addresses)
        {
            var socket = sockets.Find(candidate => candidate.Address == address);
            if (socket is not { Bound: true })
                return Unbound(listener, replica, socket);
        }

        return null;
    }

    private static Verdict Unbound(ListenerEntry listener, ReplicaState replica, SocketReport? socket) => socket is null
        ? Verdict.Unknown("Pending", $"Data plane `{replica.Replica}` has not opened port {listener.Port} yet.")
        : Verdict.False("PortUnavailable", $"Data plane `{replica.Replica}` cannot open port {listener.Port}: {socket.Error ?? "it is not bound"}. A platform admin must free it or publish another one.");
}
