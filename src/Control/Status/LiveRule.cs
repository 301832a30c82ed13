using Gatehouse.Control.Replicas;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status;

/// <summary>Live: Programmed, the sockets of its listeners bound, and at least one healthy endpoint where it has backends, at every replica.</summary>
internal static class LiveRule
{
    public static Verdict Of(ObjectView view, Verdict programmed)
    {
        if (!programmed.IsTrue)
            return programmed;
        if (view.Compiled.Pools.Count == 0)
            return Verdict.True("Live", programmed.Message);
        if (IsRoute(view) && view.Compiled.ListenerIds.Count == 0)
            return Verdict.False("NoListener", "No listener serves it.", final: true);
        foreach (var (pool, replicas) in view.Replicas)
        {
            foreach (var replica in replicas)
            {
                if (Sockets(view, pool, replica) is { } unbound)
                    return unbound;
            }
        }

        return Endpoints(view);
    }

    private static bool IsRoute(ObjectView view) => view.Compiled.Key.Kind
        is ResourceKind.HttpRoute or ResourceKind.GrpcRoute or ResourceKind.TlsRoute or ResourceKind.TcpRoute or ResourceKind.UdpRoute;

    private static Verdict? Sockets(ObjectView view, string pool, ReplicaState replica)
    {
        if (!view.Snapshot.Pools.TryGetValue(pool, out var table))
            return null;
        foreach (var id in view.Compiled.ListenerIds)
        {
            if (!table.Table.Listeners.TryGetValue(id, out var listener))
                continue;
            if (CertificateRule.Of(listener, replica) is { } unusable)
                return unusable;
            if (SocketRule.Of(listener, replica) is { } unbound)
                return unbound;
        }

        return null;
    }

    private static Verdict Endpoints(ObjectView view)
    {
        if (view.Compiled.BackendKeys.Count > 0)
            return HealthRule.Of(view);
        if (IsRoute(view) && view.Find(ConditionType.ResolvedRefs) is { Status: "False" } unresolved)
            return Verdict.False("NoBackend", unresolved.Message, final: true);
        return Verdict.True("Live", "It is served.");
    }
}
