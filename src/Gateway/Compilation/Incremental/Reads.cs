using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>All that a pass may read besides the object itself. Every question is recorded, answered or not.</summary>
/// <param name="state">State.</param>
/// <param name="recorder">Takes the questions.</param>
/// <param name="inCluster">Whether Services are a cluster's own, which it resolves itself.</param>
internal sealed class Reads(CompilerState state, FootprintRecorder recorder, bool inCluster = false)
{
    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    public CompilerOptions Options => state.Options;

    /// <summary>Whether what is compiled runs in a cluster: its Services are not ours to look up.</summary>
    public bool InCluster => inCluster;

    /// <summary>The same for what runs in a cluster.</summary>
    public Reads ForClusters => state.ClusterReads;

    public bool HasCluster(string name)
    {
        recorder.Read(new Topic(TopicKind.Cluster, "", name));
        return state.Clusters.ContainsKey(name);
    }

    public ClassModel? Class(string name)
    {
        recorder.Read(new Topic(TopicKind.Class, "", name));
        return state.Classes.GetValueOrDefault(name)?.Model;
    }

    public GatewayModel? Gateway(ResourceKey key)
    {
        recorder.Read(new Topic(TopicKind.Gateway, key.Tenant, key.Name));
        return state.Gateways.GetValueOrDefault(key)?.Model;
    }

    /// <summary>A tenant; one that is not known has no labels.</summary>
    public TenantInfo Tenant(string name)
    {
        recorder.Read(new Topic(TopicKind.Labels, name, ""));
        return state.Tenants.GetValueOrDefault(name) ?? new TenantInfo(name, NoLabels);
    }

    /// <summary>A Backend or Service.</summary>
    public BackendModel? Backend(string kind, string tenant, string name)
    {
        var key = new ResourceKey(kind, tenant, name);
        recorder.Read(BackendNode.TopicOf(key));
        return state.Backends.GetValueOrDefault(key)?.Model;
    }

    /// <summary>A Certificate, usable or not.</summary>
    public CertificateModel? Certificate(string tenant, string name)
    {
        recorder.Read(new Topic(TopicKind.Certificate, tenant, name));
        return state.Certificates.GetValueOrDefault(new ResourceKey(ResourceKind.Certificate, tenant, name))?.Model;
    }

    /// <summary>
    /// A tenant's certificates for a hostname: those that carry it first, then those with the wildcard right above it; of equals the one
    /// that is valid longest.
    /// </summary>
    public IReadOnlyList<CertificateModel> CertificatesFor(string tenant, string hostname)
    {
        var dot = hostname.IndexOf('.', StringComparison.Ordinal);
        return HostnameSet.IsWildcard(hostname) || dot < 0
            ? CertificatesNamed(tenant, hostname)
            : [.. CertificatesNamed(tenant, hostname).Concat(CertificatesNamed(tenant, $"*{hostname.AsSpan(dot)}")).Distinct()];
    }

    /// <summary>Whether a TLSRoute of the tenant attaches to its Hostnames that have names in common with this one. Hostnames are told by name when that changes.</summary>
    public bool HasTlsRouteFor(string tenant, string hostname) => state.TlsRouteNames.AnyIntersecting(tenant, hostname, static _ => true);

    /// <summary>A ConfigMap, usable or not.</summary>
    public ConfigMapModel? ConfigMap(string tenant, string name)
    {
        recorder.Read(new Topic(TopicKind.ConfigMap, tenant, name));
        return state.ConfigMaps.GetValueOrDefault(new ResourceKey(ResourceKind.ConfigMap, tenant, name))?.Model;
    }

    /// <summary>Whether a grant of the referent's tenant lets an object reference it.</summary>
    public bool Permits(ResourceKey from, ResourceKey to)
    {
        recorder.Read(new Topic(TopicKind.Grants, to.Tenant, from.Tenant));
        return state.Grants.Permits(from.Kind, from.Tenant, to);
    }

    /// <summary>A Gateway, or a ListenerSet: the object of that name, else the Hostname.</summary>
    public SourceNode? Parent(string kind, string tenant, string name)
    {
        var parent = Listeners(kind, tenant, name);
        return parent is null && kind == ResourceKind.ListenerSet ? Listeners(ResourceKind.Hostname, tenant, name) : parent;
    }

    /// <summary>
    /// The default Gateways of a tenant's routes: its own, and those of the platform. Other tenants cannot make themselves a default of
    /// everybody's.
    /// </summary>
    public IReadOnlyList<ResourceKey> DefaultGatewaysOf(string tenant)
    {
        recorder.Read(new Topic(TopicKind.DefaultGateways, "", ""));
        return [.. state.DefaultGateways.Where(entry => entry.Value || entry.Key.Tenant == tenant || entry.Key.Tenant == ResourceKind.PlatformTenant).Select(entry => entry.Key)];
    }

    /// <summary>The Hostnames of the compiled object's own tenant that have names in common with these, in order of their names.</summary>
    public IReadOnlyList<SourceNode> HostnamesOf(string tenant, IReadOnlyList<string> hostnames)
    {
        var found = new SortedDictionary<string, SourceNode>(StringComparer.Ordinal);
        foreach (var hostname in hostnames)
        {
            recorder.ReadHostnames(hostname);
            foreach (var node in state.Hostnames.Intersecting(tenant, hostname))
                found[node.Key.Name] = node;
        }
        foreach (var node in found.Values)
            recorder.Read(node.Topic);
        return [.. found.Values];
    }

    /// <summary>State of a tenant's own claim on exactly this name.</summary>
    public ClaimState? ClaimOf(string hostname, string tenant)
    {
        recorder.ReadClaim(hostname);
        return state.Claims.StateOf(hostname, tenant);
    }

    /// <summary>
    /// Why a name does not serve for a tenant on an address that it shares with others; null: it does. The platform owns what is
    /// shared and needs no claim; where no claims are asked for, another tenant's claim wins all the same.
    /// </summary>
    public string? RefuseHostname(string hostname, string tenant)
    {
        var needsClaim = Options.HostnameVerification && tenant != ResourceKind.PlatformTenant;
        if (hostname == HostnameSet.Any)
            return needsClaim ? $"list hostnames that tenant `{tenant}` has claimed: what no hostname names belongs to tenant `{ResourceKind.PlatformTenant}`" : null;
        recorder.ReadClaim(hostname);
        var owner = state.Claims.OwnerOf(hostname);
        if (owner == tenant)
            return null;
        if (needsClaim)
            return $"claim `{hostname}` first: tenant `{tenant}` holds no verified claim that covers it";
        return owner is null ? null : $"`{hostname}` is claimed by another tenant";
    }

    private CertificateModel[] CertificatesNamed(string tenant, string dnsName)
    {
        recorder.Read(new Topic(TopicKind.CertificateName, tenant, dnsName));
        return [.. Several<CertificateNode>.All(state.CertificateNames.GetValueOrDefault((tenant, dnsName)))
            .Select(node => node.Model).OfType<CertificateModel>()
            .OrderByDescending(certificate => certificate.NotAfter).ThenBy(certificate => certificate.Key)];
    }

    private SourceNode? Listeners(string kind, string tenant, string name)
    {
        var key = new ResourceKey(kind, tenant, name);
        recorder.Read(SourceNode.TopicOf(key));
        return state.Sources.GetValueOrDefault(key);
    }
}
