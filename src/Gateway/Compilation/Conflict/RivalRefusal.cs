using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>Takes a route from the listeners at which it gives way: "the rejected Route MUST raise an Accepted condition with a status of False".</summary>
internal static class RivalRefusal
{
    /// <param name="route">The route as compiled alone.</param>
    /// <param name="winners">Who wins over it, by listener.</param>
    public static CompiledRoute Apply(CompiledRoute route, IReadOnlyDictionary<string, RouteNode> winners) => winners.Count == 0
        ? route
        : route with
        {
            Parents = [.. route.Parents.Select(parent => Apply(parent, route.Key, winners))],
            Hosts = [.. route.Hosts.Where(host => !winners.ContainsKey(host.Listener))],
            Serving = [.. route.Serving.Where(listener => !winners.ContainsKey(listener.Id))],
            Attached = [.. route.Attached.Where(listener => !winners.ContainsKey(listener))],
        };

    private static ParentAttachment Apply(ParentAttachment parent, ResourceKey route, IReadOnlyDictionary<string, RouteNode> winners)
    {
        var lost = parent.Serving.Where(listener => winners.ContainsKey(listener.Id)).ToArray();
        if (lost.Length == 0)
            return parent;
        var serving = parent.Serving.Except(lost).ToArray();
        var message = MessageOf(route, winners[lost[0].Id].Key);
        return parent with
        {
            Accepted = serving.Length == 0
                ? Verdict.False(Reasons.Accepted, Reasons.HostnameConflict, message)
                : Verdict.True(Reasons.Accepted, Reasons.Accepted, $"Accepted, but not everywhere: {message}"),
            Hosts = [.. parent.Hosts.Where(host => !winners.ContainsKey(host.Listener))],
            Serving = serving,
            Listeners = [.. parent.Listeners.Where(listener => !winners.ContainsKey(listener))],
        };
    }

    private static string MessageOf(ResourceKey route, ResourceKey winner) =>
        $"{(winner.Tenant == route.Tenant ? $"{winner.Kind} `{winner.Name}`" : $"Another tenant's {winner.Kind}")} is older and has hostnames in common with this {route.Kind}, which one listener serves for one of the two kinds only: use other hostnames, or another listener.";
}
