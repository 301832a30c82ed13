using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection;

/// <summary>What a cluster can take, as it was found there.</summary>
public sealed record ClusterCapabilities
{
    /// <summary>Served versions of Gateway API's kinds, best first, by kind; a kind that is not served is missing.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Versions { get; init; }

    /// <summary>Fields of the best version of each kind (<see cref="CustomResourceFields"/>); a kind that is missing has what its channel has.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Fields { get; init; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>Channel of the CRDs: <c>standard</c> or <c>experimental</c>.</summary>
    public string Channel { get; init; } = "standard";

    /// <summary>Bundle version of the CRDs, such as <c>v1.6.1</c>.</summary>
    public string BundleVersion { get; init; } = "";

    /// <summary>Names of supported features by GatewayClass of the cluster; a class without entry does not exist there.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Classes { get; init; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>Whether <c>discovery.k8s.io/v1</c> EndpointSlices are served.</summary>
    public bool EndpointSlices { get; init; } = true;
}

/// <summary>What a projection needs besides what is compiled. Everything is data, so equal input gives equal output.</summary>
public sealed record ProjectionInput
{
    /// <summary>Name of the Cluster object.</summary>
    public required string Cluster { get; init; }

    /// <summary>Id of the Cluster object.</summary>
    public required Guid ClusterId { get; init; }

    /// <summary>What the cluster can take.</summary>
    public required ClusterCapabilities Capabilities { get; init; }

    /// <summary>Which shard names are in, as it was decided before.</summary>
    public ShardAssignments Shards { get; init; } = ShardAssignments.None;

    /// <summary>Addresses of DNS names that Backends name; a name that is missing is not resolved yet, one without addresses has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Addresses { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>Everything that a cluster should have, and what it cannot have.</summary>
public sealed record ClusterProjection
{
    /// <summary>Objects, ordered by identity.</summary>
    public required IReadOnlyList<ProjectedObject> Objects { get; init; }

    /// <summary>What the target cannot express, and what stands in the way; ordered by source.</summary>
    public required IReadOnlyList<ProjectionProblem> Problems { get; init; }

    /// <summary>The shards that names are in now: to be stored before anything is applied, if it differs from what came in.</summary>
    public required ShardAssignments Shards { get; init; }

    /// <summary>Where each Hostname is served in the cluster: the Gateway object that carries it.</summary>
    public required IReadOnlyDictionary<ResourceKey, IReadOnlyList<ProjectedId>> GatewaysOf { get; init; }

    /// <summary>The listeners that each Hostname and ListenerSet has among others of a Gateway: what has them, and their names there.</summary>
    public IReadOnlyDictionary<ResourceKey, IReadOnlySet<(ProjectedId Parent, string Name)>> ListenersOf { get; init; } = new Dictionary<ResourceKey, IReadOnlySet<(ProjectedId, string)>>();

    /// <summary>
    /// By Gateway or ListenerSet: the ports that clients see, by the ports that its listeners have in the cluster, where the class has others
    /// there.
    /// </summary>
    public IReadOnlyDictionary<ProjectedId, IReadOnlyDictionary<int, int>> ClientPorts { get; init; } = new Dictionary<ProjectedId, IReadOnlyDictionary<int, int>>();

    /// <summary>Namespaces by the tenants that they are; a tenant that may use none is missing.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; init; } = new Dictionary<string, string>();

    /// <summary>DNS names of Backends whose addresses are needed.</summary>
    public required IReadOnlySet<string> Names { get; init; }

    /// <summary>All stored objects that concern the cluster, projected or not.</summary>
    public required IReadOnlyDictionary<ResourceKey, long> Sources { get; init; }
}

/// <summary>How much of an object a problem takes away.</summary>
public enum ProblemSeverity
{
    /// <summary>It is projected and serves; something beside the traffic's meaning is missing.</summary>
    Approximate,

    /// <summary>The object is not projected.</summary>
    Refused,
}

/// <summary>Something that a cluster cannot express.</summary>
/// <param name="Source">The stored object.</param>
/// <param name="Severity">How much it takes away.</param>
/// <param name="Reason">CamelCase reason, such as <c>KindNotServed</c>.</param>
/// <param name="Message">Names the cluster, what is missing there and who must act.</param>
public sealed record ProjectionProblem(ResourceKey Source, ProblemSeverity Severity, string Reason, string Message)
{
    /// <summary>Whether only a write here mends it; otherwise the cluster may, or DNS.</summary>
    public bool OnlyAWriteMends => Reason is ProjectionReasons.NotExpressible or ProjectionReasons.AddressNotAllowed or ProjectionReasons.NamespaceRefused or ProjectionReasons.NameTaken or ProjectionReasons.TooMany;
}

/// <summary>
/// Which shard an item of a scope is in. Scopes that fit into one object have no entry. An item keeps its shard as long as it is there; a new
/// one goes to the first shard with room.
/// </summary>
public sealed record ShardAssignments
{
    /// <summary>By scope (such as <c>Gateway/platform/default</c>), then by item.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Scopes { get; init; }

    /// <summary>Nothing is sharded.</summary>
    public static ShardAssignments None { get; } = new() { Scopes = new Dictionary<string, IReadOnlyDictionary<string, int>>() };
}
