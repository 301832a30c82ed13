using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection;

/// <summary>One projection while it is made: what its parts read, and where they put what they find.</summary>
internal sealed class ProjectionRun
{
    private readonly SortedDictionary<ProjectedId, ProjectedObject> _objects = new(Comparer<ProjectedId>.Create(static (left, right) => left.CompareTo(right)));
    private readonly Dictionary<(ResourceKey, string, string), ProjectionProblem> _problems = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, int>> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceKey, long> _sources = [];
    private readonly HashSet<ResourceKey> _refused = [];
    private readonly Lazy<ILookup<Type, ResolvedObject>> _byType;
    private IReadOnlyList<ResolvedRoute>? _routes;
    private HashSet<ResourceKey>? _services;

    public ProjectionRun(ResolvedModel resolved, ResolvedCluster cluster, ProjectionInput input)
    {
        Resolved = resolved;
        _byType = new(() => resolved.Objects.Values.OrderBy(static found => found.Key).ToLookup(static found => found.GetType()));
        Cluster = cluster;
        Input = input;
        Pool = ClusterPool.NameOf(cluster.Name);
        Namespaces = new NamespaceMap(this);
        Fields = new FieldGate(this);
    }

    public ResolvedModel Resolved { get; }

    public ResolvedCluster Cluster { get; }

    public ProjectionInput Input { get; }

    /// <summary>The pool that stands for the cluster.</summary>
    public string Pool { get; }

    public NamespaceMap Namespaces { get; }

    public FieldGate Fields { get; }

    public IEnumerable<ProjectedObject> Objects => _objects.Values;

    public IEnumerable<ProjectionProblem> Problems => _problems.Values
        .OrderBy(static problem => problem.Source).ThenBy(static problem => problem.Reason, StringComparer.Ordinal).ThenBy(static problem => problem.Message, StringComparer.Ordinal);

    public ShardAssignments Shards => new() { Scopes = _shards };

    public IReadOnlyDictionary<ResourceKey, long> Sources => _sources;

    /// <summary>All objects of a kind that are resolved for clusters, ordered by key.</summary>
    public IEnumerable<T> All<T>()
        where T : ResolvedObject => _byType.Value[typeof(T)].Cast<T>();

    public T? Find<T>(ResourceKey key)
        where T : ResolvedObject => Resolved.Objects.GetValueOrDefault(key) as T;

    public ResolvedClass? ClassOf(string name) => Find<ResolvedClass>(new ResourceKey(ResourceKind.GatewayClass, ResourceKind.PlatformTenant, name));

    /// <summary>The routes that serve in the cluster.</summary>
    public IReadOnlyList<ResolvedRoute> Routes => _routes ??= [.. All<ResolvedRoute>().Where(route => route.Compiled.Hosts.Any(host => host.Pool == Pool))];

    /// <summary>Whether a route of the cluster sends to a Service of it.</summary>
    public bool UsesService(ResourceKey service) =>
        (_services ??= [.. Routes.SelectMany(static route => route.Compiled.ClusterRules!.Backends).Select(static target => target.Backend).Where(static key => key.Kind == ResourceKind.Service)])
            .Contains(service);

    /// <summary>
    /// Whether a platform admin stands behind an object. What only a cluster's own controllers understand (annotations of load balancers,
    /// options of vendors) could reach past a tenant, so tenants' own is left out, and they are told.
    /// </summary>
    public bool IsPlatforms(ResourceKey source) =>
        source.Tenant == ResourceKind.PlatformTenant || Resolved.Objects.GetValueOrDefault(source) is { Resource.PlacedByPlatform: true };

    /// <summary>Whether settings that only a controller understands may go into the cluster; if not, the source is told.</summary>
    public bool AdmitsVendorSettings(ResourceKey source, string field)
    {
        if (IsPlatforms(source))
            return true;
        Report(source, ProblemSeverity.Approximate, ProjectionReasons.NotExpressible,
            $"{field} is left out in cluster `{Cluster.Name}`: what only its controller understands could reach other tenants. A platform admin can place the object, or set it for the class.");
        return false;
    }

    /// <summary>Notes that an object concerns the cluster.</summary>
    public void Concerns(Resource source) => _sources[source.Key] = source.Generation;

    public void Report(ResourceKey source, ProblemSeverity severity, string reason, string message)
    {
        _problems[(source, reason, message)] = new ProjectionProblem(source, severity, reason, message);
        if (severity == ProblemSeverity.Refused)
            _refused.Add(source);
    }

    /// <summary>Whether something stands against the object as a whole.</summary>
    public bool IsRefused(ResourceKey source) => _refused.Contains(source);

    /// <summary>The best served version of a kind of Gateway API; null: none is, which the source is told.</summary>
    public string? VersionOf(string kind, ResourceKey source)
    {
        if (Input.Capabilities.Versions.TryGetValue(kind, out var versions) && versions.Count > 0)
            return $"{ResourceKind.GatewayApiGroup}/{versions[0]}";
        var bundle = Input.Capabilities.BundleVersion is { Length: > 0 } version ? $"Gateway API {version}, {Input.Capabilities.Channel} channel" : "no Gateway API";
        Report(source, ProblemSeverity.Refused, ProjectionReasons.KindNotServed,
            $"Cluster `{Cluster.Name}` serves no {kind} (it has {bundle}): its administrator must install CRDs that have it.");
        return null;
    }

    /// <summary>Adds an object; of two with one name the first stays, and the other one's source is told.</summary>
    /// <returns>Whether it is there.</returns>
    public bool Add(ObjectDraft draft)
    {
        if (_objects.TryGetValue(draft.Id, out var present))
        {
            if (present.Source != draft.Source)
                Report(draft.Source, ProblemSeverity.Refused, ProjectionReasons.NameTaken, $"{draft.Id} of cluster `{Cluster.Name}` is made of {present.Source} already: give one of the two another name.");
            return false;
        }
        if (draft.Id.Namespace is { } ns)
            Namespaces.Use(ns);
        _objects.Add(draft.Id, ObjectWriter.Write(draft, Input.ClusterId));
        return true;
    }

    public bool Has(ProjectedId id) => _objects.ContainsKey(id);

    /// <summary>The shards of a scope as they were decided before.</summary>
    public IReadOnlyDictionary<string, int> ShardsOf(string scope) => Input.Shards.Scopes.GetValueOrDefault(scope) ?? NoShards;

    /// <summary>Remembers the shards of a scope, if it needs more than one.</summary>
    public void Remember(string scope, IReadOnlyDictionary<string, int> shards)
    {
        if (shards.Values.Any(static shard => shard > 0))
            _shards[scope] = shards;
    }

    /// <summary>Whether what others change in the objects of a source is put right: as it says itself, its tenant's Namespace, its class, the cluster.</summary>
    public bool RepairsDrift(Resource source, GatewayClassTarget? target = null) =>
        (source.Annotations.GetValueOrDefault(ObjectMarks.Drift) ?? Namespaces.DriftOf(source.Key.Tenant) ?? target?.Drift ?? Cluster.Spec.Drift ?? "Repair")
            .Equals("Repair", StringComparison.OrdinalIgnoreCase);

    private static readonly Dictionary<string, int> NoShards = [];

    public static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}

/// <summary>Reasons of what a cluster cannot express.</summary>
public static class ProjectionReasons
{
    /// <summary>The cluster serves no version of the kind.</summary>
    public const string KindNotServed = "KindNotServed";

    /// <summary>The cluster's version of the kind has no such field.</summary>
    public const string FieldNotServed = "FieldNotServed";

    /// <summary>The class's controller does not list the feature.</summary>
    public const string FeatureNotSupported = "FeatureNotSupported";

    /// <summary>Kubernetes has nothing that means the same.</summary>
    public const string NotExpressible = "NotExpressible";

    /// <summary>A Backend's address may not be reached from the cluster.</summary>
    public const string AddressNotAllowed = "AddressNotAllowed";

    /// <summary>A Backend's DNS name has no address (yet).</summary>
    public const string NameNotResolved = "NameNotResolved";

    /// <summary>None of a Backend's endpoints can be reached from the cluster.</summary>
    public const string NoEndpoint = "NoEndpoint";

    /// <summary>The tenant has no Namespace that may be used.</summary>
    public const string NamespaceRefused = "NamespaceRefused";

    /// <summary>Another stored object has the name in the cluster.</summary>
    public const string NameTaken = "NameTaken";

    /// <summary>More than a Kubernetes object can hold.</summary>
    public const string TooMany = "TooMany";

    /// <summary>The cluster has no GatewayClass of that name.</summary>
    public const string GatewayClassNotFound = "GatewayClassNotFound";
}
