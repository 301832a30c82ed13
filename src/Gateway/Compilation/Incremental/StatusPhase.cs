using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Writes the statuses that may have changed.</summary>
internal static class StatusPhase
{
    /// <summary>Writes statuses and says which ones differ.</summary>
    public static (IReadOnlyList<ResourceStatus> Changed, IReadOnlyList<ResourceKey> Removed) Run(CompilerState state, Work work)
    {
        var changed = new List<ResourceStatus>();
        var removed = new List<ResourceKey>();
        foreach (var key in work.Statuses)
        {
            var known = state.Statuses.TryGetValue(key, out var before);
            if (StatusOf(key, state) is { } status)
            {
                if (known && StatusComparison.AreSame(before!, status))
                    continue;
                state.Statuses.Set(key, status);
                changed.Add(status);
            }
            else if (state.Statuses.Remove(key))
            {
                removed.Add(key);
            }
        }
        changed.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        removed.Sort();
        return (changed, removed);
    }

    private static ResourceStatus? StatusOf(ResourceKey key, CompilerState state) => key.Kind switch
    {
        ResourceKind.GatewayClass => StateOf(state.Classes.GetValueOrDefault(key.Name), static node => node.Resource, node => ClassStatus.Of(node, state.Options.Capabilities), state),
        ResourceKind.Cluster => StateOf(state.Clusters.GetValueOrDefault(key.Name), static node => node.Resource, static node => PlainStatus.Of(node.Resource!), state),
        ResourceKind.ClusterNamespace => StateOf(state.ClusterNamespaces.GetValueOrDefault(key), static node => node.Resource, static node => PlainStatus.Of(node.Resource!), state),
        ResourceKind.Gateway => StateOf(state.Gateways.GetValueOrDefault(key), static node => node.Resource, node => GatewayStatus.Of(node, state), state),
        ResourceKind.ListenerSet or ResourceKind.Hostname => StateOf(state.Sources.GetValueOrDefault(key), static node => node.Resource, node => ListenerSetStatus.Of(node, state), state),
        ResourceKind.HttpRoute or ResourceKind.GrpcRoute or ResourceKind.TlsRoute or ResourceKind.TcpRoute or ResourceKind.UdpRoute => StateOf(state.Routes.GetValueOrDefault(key), static node => node.Resource, node => RouteStatus.Of(node, state), state),
        ResourceKind.Backend or ResourceKind.Service => StateOf(state.Backends.GetValueOrDefault(key), static node => node.Resource, BackendStatus.Of, state),
        ResourceKind.Certificate => StateOf(state.Certificates.GetValueOrDefault(key), static node => node.Resource, MaterialStatus.Of, state),
        ResourceKind.ConfigMap => StateOf(state.ConfigMaps.GetValueOrDefault(key), static node => node.Resource, MaterialStatus.Of, state),
        ResourceKind.BackendTlsPolicy => StateOf(state.Policies.GetValueOrDefault(key), static node => node.Resource, node => PolicyStatus.Of(node, state), state),
        ResourceKind.ReferenceGrant => StateOf(state.GrantNodes.GetValueOrDefault(key), static node => node.Resource, GrantStatus.Of, state),
        _ => null,
    };

    private static ResourceStatus? StateOf<TNode>(TNode? node, Func<TNode, Resource?> resource, Func<TNode, ResourceStatus?> write, CompilerState state)
        where TNode : Node
    {
        if (node is null || resource(node) is not { } stored)
            return null;
        return FailureOf(node, state) is { } failure
            ? FailureStatus.Of(stored, failure, state.Statuses.TryGetValue(node.Key, out var last) ? last : null)
            : write(node);
    }

    private static string? FailureOf(Node node, CompilerState state) =>
        node.Failure ?? (node is GatewayNode ? state.Sources.GetValueOrDefault(node.Key)?.Failure : null);
}
