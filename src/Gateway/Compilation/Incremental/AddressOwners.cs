using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>
/// Who owns a (pool, address): the platform if one of its Gateways is bound there, else the tenant of the oldest Gateway. Its
/// owner decides alone what happens on it; everybody else is on an address that tenants share.
/// </summary>
internal sealed class AddressOwners
{
    private readonly Dictionary<(string Pool, string Address), HashSet<GatewayNode>> _bound = [];

    /// <summary>Moves a Gateway from the addresses of its last model to those of its new one.</summary>
    public void Set(GatewayNode node, GatewayModel? before, GatewayModel? after, ISet<GatewayNode> affected)
    {
        foreach (var key in KeysOf(before))
        {
            if (!_bound.TryGetValue(key, out var bound))
                continue;
            bound.Remove(node);
            affected.UnionWith(bound);
            if (bound.Count == 0)
                _bound.Remove(key);
        }
        foreach (var key in KeysOf(after))
        {
            if (!_bound.TryGetValue(key, out var bound))
                _bound[key] = bound = [];
            bound.Add(node);
            affected.UnionWith(bound);
        }
    }

    /// <summary>
    /// Whether tenants share one of the Gateway's addresses. The data plane's default address is always shared; a cluster's controller may
    /// serve all Gateways of a class at one address, unless the class says that each has its own.
    /// </summary>
    public bool IsShared(GatewayModel gateway) =>
        gateway.State == GatewayState.Served && !(gateway is { IsDedicated: true, IsPlatform: false })
        && (ClusterPool.IsCluster(gateway.Pool) || gateway.IsPlatform || gateway.Addresses.Count == 0 || KeysOf(gateway).Any(key => OwnerOf(_bound[key]) != gateway.Key.Tenant));

    private static string OwnerOf(HashSet<GatewayNode> bound) =>
        bound.Any(node => node.Key.Tenant == ResourceKind.PlatformTenant)
            ? ResourceKind.PlatformTenant
            : bound.MinBy(node => (node.Resolved!.CreatedAt, node.Key))!.Key.Tenant;

    private static IEnumerable<(string Pool, string Address)> KeysOf(GatewayModel? gateway) =>
        gateway is { State: GatewayState.Served } ? gateway.Addresses.Select(address => (gateway.Pool, address)) : [];
}
