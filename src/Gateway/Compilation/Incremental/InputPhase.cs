using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Takes the changes into the state and marks what reads them.</summary>
internal static class InputPhase
{
    public static void Run(ChangeBatch batch, CompilerState state, Work work)
    {
        foreach (var (name, tenant) in batch.Tenants)
            SetTenant(name, tenant, state, work);
        foreach (var ((hostname, tenant), claim) in batch.Claims)
            SetClaim(hostname, tenant, claim, state, work);
        foreach (var ((tenant, token), challenge) in batch.Challenges)
            SetChallenge(tenant, token, challenge, state, work);
        foreach (var (key, resource) in batch.Resources)
            SetResource(key, resource, state, work);
    }

    private static void SetTenant(string name, TenantInfo? tenant, CompilerState state, Work work)
    {
        if (tenant is null)
            state.Tenants.Remove(name);
        else
            state.Tenants[name] = tenant;
        work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.Labels, name, "")));
    }

    private static void SetClaim(string hostname, string tenant, HostnameClaim? claim, CompilerState state, Work work)
    {
        if (claim is null ? state.Claims.Remove(hostname, tenant) : state.Claims.Set(claim))
            work.Mark(state.Dependencies.ClaimReaders(hostname));
    }

    private static void SetChallenge(string tenant, string token, HostnameChallenge? challenge, CompilerState state, Work work)
    {
        if (challenge is null ? state.Challenges.Remove(tenant, token) : state.Challenges.Set(challenge))
            work.Challenges.Add(token);
    }

    private static void SetResource(ResourceKey key, Resource? resource, CompilerState state, Work work)
    {
        work.Statuses.Add(key);
        switch (key.Kind)
        {
            case ResourceKind.GatewayClass:
                Set(state.Classes, key.Name, new ClassNode(key), work, node => node.Resource = (Resource<GatewayClassSpec>?)resource);
                break;
            case ResourceKind.Cluster:
                SetCluster(key, (Resource<ClusterSpec>?)resource, state, work);
                break;
            case ResourceKind.ClusterNamespace:
                SetPlain(state.ClusterNamespaces, key, new PlainNode<ClusterNamespaceSpec>(key), (Resource<ClusterNamespaceSpec>?)resource);
                break;
            case ResourceKind.Gateway:
                SetGateway(key, (Resource<GatewaySpec>?)resource, state, work);
                break;
            case ResourceKind.ListenerSet:
                Set(state.Sources, key, new SourceNode(key), work, node => node.Resource = resource);
                break;
            case ResourceKind.Hostname:
                SetHostname(key, resource, state, work);
                break;
            case ResourceKind.TlsRoute:
                SetTlsRoute(key, resource, state, work);
                break;
            case ResourceKind.HttpRoute or ResourceKind.GrpcRoute or ResourceKind.TcpRoute or ResourceKind.UdpRoute:
                Set(state.Routes, key, new RouteNode(key), work, node => node.Resource = resource);
                break;
            case ResourceKind.Backend or ResourceKind.Service:
                Set(state.Backends, key, new BackendNode(key), work, node => node.Resource = resource);
                break;
            case ResourceKind.Certificate:
                Set(state.Certificates, key, new CertificateNode(key), work, node => node.Resource = (Resource<CertificateSpec>?)resource);
                break;
            case ResourceKind.ConfigMap:
                Set(state.ConfigMaps, key, new ConfigMapNode(key), work, node => node.Resource = (Resource<ConfigMapSpec>?)resource);
                break;
            case ResourceKind.BackendTlsPolicy:
                Set(state.Policies, key, new PolicyNode(key), work, node => node.Resource = (Resource<BackendTlsPolicySpec>?)resource);
                break;
            case ResourceKind.ReferenceGrant:
                SetGrant(key, (Resource<ReferenceGrantSpec>?)resource, state, work);
                break;
        }
    }

    private static TNode Set<TKey, TNode>(Dictionary<TKey, TNode> nodes, TKey key, TNode fresh, Work work, Action<TNode> assign)
        where TKey : notnull
        where TNode : Node
    {
        if (!nodes.TryGetValue(key, out var node))
            nodes[key] = node = fresh;
        assign(node);
        work.Mark(node);
        return node;
    }

    private static void SetCluster(ResourceKey key, Resource<ClusterSpec>? resource, CompilerState state, Work work)
    {
        var known = state.Clusters.ContainsKey(key.Name);
        SetPlain(state.Clusters, key.Name, new PlainNode<ClusterSpec>(key), resource);
        if (known != (resource is not null))
            work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.Cluster, "", key.Name)));
    }

    private static void SetPlain<TKey, TSpec>(Dictionary<TKey, PlainNode<TSpec>> nodes, TKey key, PlainNode<TSpec> node, Resource<TSpec>? resource)
        where TKey : notnull
        where TSpec : class
    {
        node.Resource = resource;
        if (resource is null)
            nodes.Remove(key);
        else
            nodes[key] = node;
    }

    private static void SetGateway(ResourceKey key, Resource<GatewaySpec>? resource, CompilerState state, Work work)
    {
        Set(state.Gateways, key, new GatewayNode(key), work, node => node.Resource = resource);
        var known = state.DefaultGateways.TryGetValue(key, out var placed);
        var isDefault = resource?.Spec.DefaultScope == "All";
        if (known != isDefault || (isDefault && placed != resource!.PlacedByPlatform))
            work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.DefaultGateways, "", "")));
        if (isDefault)
            state.DefaultGateways[key] = resource!.PlacedByPlatform;
        else
            state.DefaultGateways.Remove(key);
        Set(state.Sources, key, new SourceNode(key), work, node => node.Resource = resource);
    }

    private static void SetHostname(ResourceKey key, Resource? resource, CompilerState state, Work work)
    {
        var node = Set(state.Sources, key, new SourceNode(key), work, node => node.Resource = resource);
        if (resource is null)
            state.Hostnames.Remove(key.Tenant, key.Name, node);
        else
            state.Hostnames.Add(key.Tenant, key.Name, node);
        work.Mark(state.Dependencies.HostnameReaders(key.Tenant, key.Name));
    }

    // A TLSRoute that attaches by its hostnames alone lets its tenant's Hostnames of those names take TLS connections.
    private static void SetTlsRoute(ResourceKey key, Resource? resource, CompilerState state, Work work)
    {
        var node = Set(state.Routes, key, new RouteNode(key), work, _ => { });
        foreach (var hostname in ImpliedHostnames(node.Resource))
        {
            state.TlsRouteNames.Remove(key.Tenant, hostname, node);
            work.Mark(state.Hostnames.Intersecting(key.Tenant, hostname));
        }
        node.Resource = resource;
        foreach (var hostname in ImpliedHostnames(resource))
        {
            state.TlsRouteNames.Add(key.Tenant, hostname, node);
            work.Mark(state.Hostnames.Intersecting(key.Tenant, hostname));
        }
    }

    private static IEnumerable<string> ImpliedHostnames(Resource? route) =>
        route is Resource<TlsRouteSpec> { Spec: { ParentRefs: null or { Count: 0 } } spec } ? spec.Hostnames.Where(hostname => hostname.Length > 0).Select(hostname => hostname.ToLowerInvariant()).Distinct() : [];

    private static void SetGrant(ResourceKey key, Resource<ReferenceGrantSpec>? resource, CompilerState state, Work work)
    {
        var before = state.GrantNodes.GetValueOrDefault(key)?.Resource;
        foreach (var tenant in state.Grants.Set(before, resource))
            work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.Grants, key.Tenant, tenant)));
        if (resource is null)
            state.GrantNodes.Remove(key);
        else
            Set(state.GrantNodes, key, new GrantNode(key), work, node => node.Resource = resource);
    }
}
