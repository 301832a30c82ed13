using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Keeps what projections into clusters start from: everything that is resolved there, and nothing where there are no clusters.</summary>
internal static class ResolvedPhase
{
    public static void Run(CompilerState state, Work work)
    {
        var table = state.Resolved;
        if (state.Clusters.Count == 0 && !state.Classes.Values.Any(static node => node.Model is { IsInCluster: true }))
        {
            table.SwitchOff();
            return;
        }
        IEnumerable<ResourceKey> keys = work.Statuses;
        if (!table.IsOn)
        {
            table.SwitchOn();
            keys = AllKeys(state);
        }
        var changed = false;
        foreach (var key in keys)
        {
            table.Set(key, Of(key, state));
            changed = true;
        }
        if (changed)
            table.Settle(ClustersOf(state));
    }

    private static ResolvedCluster[] ClustersOf(CompilerState state) =>
        [.. state.Clusters.Values.Select(static node => node.Resource!).OrderBy(static resource => resource.Key.Name, StringComparer.Ordinal)
            .Select(static resource => new ResolvedCluster(resource.Key.Name, resource.Id, resource.Spec, resource.Generation))];

    private static IEnumerable<ResourceKey> AllKeys(CompilerState state) =>
        state.Classes.Values.Select(static node => node.Key)
            .Concat(state.ClusterNamespaces.Keys).Concat(state.Sources.Keys).Concat(state.Routes.Keys).Concat(state.Backends.Keys)
            .Concat(state.Policies.Keys).Concat(state.Certificates.Keys).Concat(state.ConfigMaps.Keys);

    private static ResolvedObject? Of(ResourceKey key, CompilerState state) => key.Kind switch
    {
        ResourceKind.ClusterNamespace => state.ClusterNamespaces.GetValueOrDefault(key) is { Resource: { } resource } ? new ResolvedNamespace(resource) : null,
        ResourceKind.GatewayClass => state.Classes.GetValueOrDefault(key.Name) is { Resource: { } resource, Model: { IsInCluster: true, IsServed: true } model } ? new ResolvedClass(resource, model) : null,
        ResourceKind.Gateway => OfGateway(key, state),
        ResourceKind.ListenerSet or ResourceKind.Hostname => OfSource(key, state),
        ResourceKind.HttpRoute or ResourceKind.GrpcRoute or ResourceKind.TlsRoute or ResourceKind.TcpRoute or ResourceKind.UdpRoute => OfRoute(key, state),
        ResourceKind.Backend => OfBackend(key, state),
        ResourceKind.BackendTlsPolicy => state.Policies.GetValueOrDefault(key) is { Resource: { } resource, Model: { } model } ? new ResolvedPolicy(resource, model) : null,
        ResourceKind.Certificate => OfCertificate(key, state),
        ResourceKind.ConfigMap => state.ConfigMaps.GetValueOrDefault(key) is { Resource: { } resource, Model: { } model } ? new ResolvedConfigMap(resource, model) : null,
        _ => null,
    };

    private static ResolvedGateway? OfGateway(ResourceKey key, CompilerState state) =>
        state.Gateways.GetValueOrDefault(key) is { Resource: { } resource, Model: { State: Resolve.GatewayState.Served } model } && ClusterPool.IsCluster(model.Pool)
            ? new ResolvedGateway(resource, model, ListenersOf(state.Sources.GetValueOrDefault(key)))
            : null;

    private static ResolvedSource? OfSource(ResourceKey key, CompilerState state) =>
        state.Sources.GetValueOrDefault(key) is { Resource: { } resource } node && node.Listeners.Any(static listener => ClusterPool.IsCluster(listener.Pool))
            ? new ResolvedSource(resource, ListenersOf(node))
            : null;

    private static ResolvedRoute? OfRoute(ResourceKey key, CompilerState state) =>
        state.Routes.GetValueOrDefault(key) is { Resource: { } resource, Compiled: { ClusterRules: not null } compiled } ? new ResolvedRoute(resource, compiled) : null;

    private static ResolvedBackend? OfBackend(ResourceKey key, CompilerState state)
    {
        if (state.Backends.GetValueOrDefault(key) is not { Resource: Resource<BackendSpec> resource, Model: { } model } node)
            return null;
        var uses = node.Uses.Where(static use => use.Routes > 0 && ClusterPool.IsCluster(use.Pool)).Select(static use => (use.Pool, use.Target)).Distinct().ToArray();
        return uses.Length == 0 ? null : new ResolvedBackend(resource, model, uses);
    }

    private static ResolvedCertificate? OfCertificate(ResourceKey key, CompilerState state)
    {
        if (state.Certificates.GetValueOrDefault(key) is not { Resource: { } resource, Model: { } model } node)
            return null;
        var pools = node.Uses.Where(static use => use.Value > 0 && ClusterPool.IsCluster(use.Key)).Select(static use => use.Key).Order(StringComparer.Ordinal).ToArray();
        return pools.Length == 0 ? null : new ResolvedCertificate(resource, model, pools);
    }

    private static ResolvedListener[] ListenersOf(SourceNode? node) => [.. (node?.Listeners ?? []).Select(static listener => new ResolvedListener(listener.Model, listener.Serves))];
}
