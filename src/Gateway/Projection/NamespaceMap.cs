using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection;

/// <summary>Which Namespace of the cluster is a tenant's: what a ClusterNamespace says, else one that is made for it.</summary>
internal sealed class NamespaceMap
{
    private const string Adopted = "Adopted";
    private const int MaxLength = 63;

    private readonly ProjectionRun _run;
    private readonly Dictionary<string, Resource<ClusterNamespaceSpec>> _mapped = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    public NamespaceMap(ProjectionRun run)
    {
        _run = run;
        foreach (var entry in run.All<ResolvedNamespace>())
        {
            var (cluster, tenant) = NamesOf(entry.Key.Name);
            if (cluster != run.Cluster.Name)
                continue;
            _mapped[tenant] = entry.Namespace;
            _owners[entry.Namespace.Spec.Namespace] = tenant;
        }
    }

    /// <summary>Namespace of a tenant, may it be used or not.</summary>
    public string Of(string tenant) => _mapped.TryGetValue(tenant, out var mapped) ? mapped.Spec.Namespace : _run.Cluster.Spec.NamespacePrefix + tenant;

    /// <summary>The tenant that a Namespace is assigned to; null: none.</summary>
    public string? TenantOf(string ns) => _owners.GetValueOrDefault(ns);

    /// <summary>Namespaces of tenants, by tenant; without those that may not be used.</summary>
    public IReadOnlyDictionary<string, string> OfAll(IEnumerable<string> tenants) =>
        tenants.Distinct(StringComparer.Ordinal).Where(tenant => ProblemOf(tenant) is null).ToDictionary(static tenant => tenant, Of, StringComparer.Ordinal);

    /// <summary>What a tenant's Namespace says of drift; null: nothing.</summary>
    public string? DriftOf(string tenant) => _mapped.GetValueOrDefault(tenant)?.Spec.Drift;

    /// <summary>Notes that something lies in a Namespace.</summary>
    public void Use(string ns) => _used.Add(ns);

    /// <summary>Whether a tenant's objects may lie in its Namespace; if not, the source is told.</summary>
    public bool Admits(string tenant, ResourceKey source)
    {
        if (ProblemOf(tenant) is not { } problem)
            return true;
        _run.Report(source, ProblemSeverity.Refused, ProjectionReasons.NamespaceRefused, problem);
        return false;
    }

    /// <summary>Adds the Namespaces that are made for tenants and have something in them.</summary>
    public void AddObjects(IEnumerable<string> tenants)
    {
        foreach (var tenant in tenants.Distinct().Order(StringComparer.Ordinal))
        {
            var ns = Of(tenant);
            if (!_used.Contains(ns) || IsAdopted(tenant) || ProblemOf(tenant) is not null)
                continue;
            _mapped.TryGetValue(tenant, out var mapped);
            _run.Add(new ObjectDraft
            {
                Id = new ProjectedId("v1", "Namespace", null, ns),
                Source = mapped?.Key ?? new ResourceKey(ResourceKind.Cluster, ResourceKind.PlatformTenant, _run.Cluster.Name),
                SourceGeneration = mapped?.Generation ?? _run.Cluster.Generation,
                Tenant = tenant,
                Content = [],
            });
        }
    }

    /// <summary>The Namespace of a tenant in a selector, which admits what lies in it and nothing else.</summary>
    public static JsonObject Select(IEnumerable<string> namespaces) => new()
    {
        ["from"] = "Selector",
        ["selector"] = new JsonObject
        {
            ["matchExpressions"] = new JsonArray(new JsonObject
            {
                ["key"] = "kubernetes.io/metadata.name",
                ["operator"] = "In",
                ["values"] = new JsonArray([.. namespaces.Distinct().Order(StringComparer.Ordinal).Select(static ns => JsonValue.Create(ns))]),
            }),
        },
    };

    private bool IsAdopted(string tenant) => _mapped.TryGetValue(tenant, out var mapped) && mapped.Spec.Mode == Adopted;

    private string? ProblemOf(string tenant)
    {
        var ns = Of(tenant);
        var instead = $"a platform admin must say which Namespace tenant `{tenant}` has (clusters/{_run.Cluster.Name}/namespaces/{tenant})";
        if (ns.Length > MaxLength)
            return $"Namespace `{ns}` would have more than {MaxLength} characters: {instead}.";
        if (!_mapped.ContainsKey(tenant) && (ns == "default" || ns.StartsWith("kube-", StringComparison.Ordinal)))
            return $"Namespace `{ns}` of cluster `{_run.Cluster.Name}` belongs to Kubernetes itself: {instead}.";
        return _owners.TryGetValue(ns, out var owner) && owner != tenant
            ? $"Namespace `{ns}` of cluster `{_run.Cluster.Name}` is another tenant's: {instead}."
            : null;
    }

    // Both are DNS labels, so the dot is unambiguous.
    private static (string Cluster, string Tenant) NamesOf(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
    }
}
