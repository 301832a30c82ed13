using Gatehouse.Contracts.Feed;
using Gatehouse.Control.Replicas;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status;

/// <summary>Programmed: at least one replica is connected, and all connected replicas of the pools applied the object's last effective revision.</summary>
internal static class ProgrammedRule
{
    public static Verdict Of(ObjectView view)
    {
        if (view.Find(ConditionType.Accepted) is { Status: "False" } refused)
            return Verdict.False(ReasonOf(view, refused), refused.Message, final: true);
        if (view.Find(ConditionType.Programmed) is { Status: "False" } unusable)
            return Verdict.False(unusable.Reason, unusable.Message, final: true);
        if (view.Compiled.Pools.Count == 0)
            return WithoutPools(view);

        foreach (var (pool, replicas) in view.Replicas)
        {
            if (replicas.Count == 0)
                return Verdict.False("NoReplica", $"No data plane of pool `{pool}` is connected: a platform admin must start one.");
            if (replicas.FirstOrDefault(replica => replica.AppliedRevision < view.Since.Revision) is { } behind)
                return Behind(behind, view.Since.Revision);
            if (Refusal(view, pool, replicas) is { } refusal)
                return refusal;
        }

        return AddressRule.Problem(view) ?? Verdict.True("Programmed", "All connected data planes applied it.");
    }

    // Upstream has reasons of its own for these kinds (https://gateway-api.sigs.k8s.io/reference/spec/#listenersetconditionreason).
    private static string ReasonOf(ObjectView view, Condition refused) => view.Compiled.Key.Kind switch
    {
        ResourceKind.Gateway => "Invalid",
        ResourceKind.ListenerSet => refused.Reason,
        _ => "NotAccepted",
    };

    private static Verdict WithoutPools(ObjectView view) => view.Compiled.Key.Kind switch
    {
        ResourceKind.ReferenceGrant or ResourceKind.GatewayClass or ResourceKind.ConfigMap or ResourceKind.BackendTlsPolicy =>
            Verdict.True("NothingToProgram", "It takes effect through the objects that it concerns."),
        ResourceKind.Backend or ResourceKind.Service =>
            Verdict.False("NotReferenced", "No accepted route sends traffic to it, so no data plane knows it.", final: true),
        ResourceKind.Certificate =>
            Verdict.False("NotReferenced", "No listener and no backend uses it, so no data plane has it.", final: true),
        _ => Verdict.False("NoPool", "No data-plane pool serves it: its GatewayClass has no pool.", final: true),
    };

    private static Verdict Behind(ReplicaState replica, long revision) => replica.Held is { } held
        ? Verdict.False("Held", $"Data plane `{replica.Replica}` holds the change back until a platform admin decides: {held}")
        : Verdict.Unknown("Pending", $"Data plane `{replica.Replica}` has not applied revision {revision} yet.");

    private static Verdict? Refusal(ObjectView view, string pool, IReadOnlyList<ReplicaState> replicas)
    {
        foreach (var replica in replicas)
        {
            if (replica.Refusals.FirstOrDefault(refusal => Concerns(view, pool, refusal)) is { } refusal)
                return Verdict.False("Refused", $"Data plane `{replica.Replica}` refused {refusal.Table} `{refusal.Key}`: {refusal.Reason}");
        }

        return null;
    }

    private static bool Concerns(ObjectView view, string pool, Refusal refusal) => refusal.Table switch
    {
        FeedEntry.Listeners => view.Compiled.ListenerIds.Contains(refusal.Key),
        FeedEntry.Certificates => view.Compiled.Key is { Kind: ResourceKind.Certificate } key && refusal.Key == $"{key.Tenant}/{key.Name}",
        FeedEntry.Backends => view.Compiled.BackendKeys.Contains(refusal.Key),
        FeedEntry.Hosts => view.Snapshot.Pools.TryGetValue(pool, out var table)
            && table.Table.Hosts.TryGetValue(refusal.Key, out var host)
            && host.Rules.Any(rule => new ResourceKey(rule.Source.Kind, rule.Source.Tenant, rule.Source.Name) == view.Compiled.Key),
        _ => false,
    };
}
