using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>Programmed of one listener: that of its Gateway or ListenerSet, and its socket bound.</summary>
internal static class ListenerRule
{
    public static Verdict Of(ObjectView view, ListenerStatus listener, Verdict programmed)
    {
        if (listener.Conditions.FirstOrDefault(condition => condition.Type == ConditionType.Accepted) is { Status: "False" } refused)
            return Verdict.False(ReasonOf(listener), refused.Message, final: true);
        if (listener.Conditions.FirstOrDefault(condition => condition.Type == ConditionType.Programmed) is { Status: "False" } unusable)
            return Verdict.False(unusable.Reason, unusable.Message, final: true);
        if (!programmed.IsTrue)
            return programmed;
        var key = view.Compiled.Key;
        var id = $"{key.Tenant}/{key.Kind}/{key.Name}/{listener.Name}";
        foreach (var (pool, replicas) in view.Replicas)
        {
            if (!view.Snapshot.Pools.TryGetValue(pool, out var table) || !table.Table.Listeners.TryGetValue(id, out var entry))
                continue;
            foreach (var replica in replicas)
            {
                if (CertificateRule.Of(entry, replica) is { } withoutCertificate)
                    return withoutCertificate;
                if (SocketRule.Of(entry, replica) is { } unbound)
                    return unbound;
            }
        }

        return programmed;
    }

    private static string ReasonOf(ListenerStatus listener) =>
        listener.Conditions.FirstOrDefault(condition => condition.Type == "Conflicted") is { Status: "True" } conflict ? conflict.Reason : "Invalid";
}
