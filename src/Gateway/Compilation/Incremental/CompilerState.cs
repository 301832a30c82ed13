using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Compilation.Tables;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>What the incremental compiler keeps: inputs, what was made of each of them, and the indexes between them.</summary>
internal sealed class CompilerState
{
    public CompilerState(CompilerOptions options)
    {
        Options = options;
        Reads = new Reads(this, Recorder);
        ClusterReads = new Reads(this, Recorder, inCluster: true);
    }

    public CompilerOptions Options { get; }

    /// <summary>Records what the object that is being compiled reads.</summary>
    public FootprintRecorder Recorder { get; } = new();

    /// <summary>What passes read the state through.</summary>
    public Reads Reads { get; }

    /// <summary>The same for what runs in clusters.</summary>
    public Reads ClusterReads { get; }

    /// <summary>Clusters by name.</summary>
    public Dictionary<string, PlainNode<ClusterSpec>> Clusters { get; } = new(StringComparer.Ordinal);

    /// <summary>Which Namespaces of clusters are whose.</summary>
    public Dictionary<ResourceKey, PlainNode<ClusterNamespaceSpec>> ClusterNamespaces { get; } = [];

    /// <summary>What projections into clusters start from.</summary>
    public ResolvedTable Resolved { get; } = new();

    public Dictionary<string, TenantInfo> Tenants { get; } = new(StringComparer.Ordinal);

    public ClaimIndex Claims { get; } = new();

    public ChallengeIndex Challenges { get; } = new();

    public GrantIndex Grants { get; } = new();

    public Dictionary<string, ClassNode> Classes { get; } = new(StringComparer.Ordinal);

    public Dictionary<ResourceKey, GatewayNode> Gateways { get; } = [];

    /// <summary>Gateways with <c>defaultScope: All</c>, and whether a platform admin placed them.</summary>
    public SortedDictionary<ResourceKey, bool> DefaultGateways { get; } = [];

    public Dictionary<ResourceKey, SourceNode> Sources { get; } = [];

    public Dictionary<ResourceKey, RouteNode> Routes { get; } = [];

    /// <summary>HTTPRoutes and GRPCRoutes that meet at listeners.</summary>
    public RouteRivals Rivals { get; } = new();

    public Dictionary<ResourceKey, BackendNode> Backends { get; } = [];

    public Dictionary<ResourceKey, CertificateNode> Certificates { get; } = [];

    public Dictionary<ResourceKey, ConfigMapNode> ConfigMaps { get; } = [];

    public Dictionary<ResourceKey, PolicyNode> Policies { get; } = [];

    /// <summary>Policies by what they apply to.</summary>
    public PolicyIndex PolicyTargets { get; } = new();

    public Dictionary<ResourceKey, GrantNode> GrantNodes { get; } = [];

    /// <summary>Hostnames by tenant and name.</summary>
    public NameTree<SourceNode> Hostnames { get; } = new();

    /// <summary>TLSRoutes that attach to Hostnames, by tenant and hostname.</summary>
    public NameTree<RouteNode> TlsRouteNames { get; } = new();

    /// <summary>Usable certificates (one or several) by tenant and DNS name.</summary>
    public Dictionary<(string Tenant, string DnsName), object> CertificateNames { get; } = [];

    public Dependencies Dependencies { get; } = new();

    public AddressOwners Addresses { get; } = new();

    public PortDomains Domains { get; } = new();

    /// <summary>Listeners by id.</summary>
    public Dictionary<string, ListenerState> Listeners { get; } = new(StringComparer.Ordinal);

    /// <summary>Attached routes by listener id.</summary>
    public Dictionary<string, int> AttachedRoutes { get; } = new(StringComparer.Ordinal);

    /// <summary>Gateways that an accepted ListenerSet or Hostname is attached to.</summary>
    public Dictionary<ResourceKey, ResourceKey[]> AttachedSets { get; } = [];

    /// <summary>How many are attached to a Gateway.</summary>
    public Dictionary<ResourceKey, int> SetsOfGateway { get; } = [];

    /// <summary>Routes (one or several) that serve a host.</summary>
    public Dictionary<HostKey, object> Contributors { get; } = [];

    /// <summary>Matches that never win, by host and route; only where there are any.</summary>
    public Dictionary<HostKey, IReadOnlyDictionary<ResourceKey, Overlap[]>> Overlaps { get; } = [];

    public Dictionary<string, PoolTables> Pools { get; } = new(StringComparer.Ordinal);

    public ShardedMap<ResourceKey, ResourceStatus> Statuses { get; } = new();

    public PoolTables Pool(string name)
    {
        if (!Pools.TryGetValue(name, out var pool))
            Pools[name] = pool = new PoolTables();
        return pool;
    }

    /// <summary>The keys of all objects of a tenant.</summary>
    public IEnumerable<ResourceKey> KeysOf(string tenant) =>
        Classes.Values.Select(node => node.Key)
            .Concat(Clusters.Values.Select(node => node.Key)).Concat(ClusterNamespaces.Keys)
            .Concat(Sources.Keys).Concat(Routes.Keys).Concat(Backends.Keys).Concat(GrantNodes.Keys)
            .Concat(Policies.Keys).Concat(Certificates.Keys).Concat(ConfigMaps.Keys)
            .Where(key => key.Tenant == tenant);
}
