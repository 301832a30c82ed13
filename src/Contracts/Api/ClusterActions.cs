using System.Text.Json;

namespace Gatehouse.Contracts.Api;

/// <summary>Confirms deletions that are held.</summary>
/// <param name="Token">Token of <c>status.cluster.held</c>.</param>
public sealed record ClusterPruneRequest(string Token);

/// <summary>What a sync worker answered.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Answer">Its answer.</param>
public sealed record ClusterAnswer(string Cluster, JsonElement Answer);

/// <summary>Which Namespaces to look into.</summary>
/// <param name="Namespaces">Their names; absent: all but Kubernetes' own.</param>
public sealed record ClusterSurveyRequest(IReadOnlyList<string>? Namespaces);

/// <summary>What already runs in a cluster, and what would become of it in an import. Nothing was changed.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Namespaces">What each Namespace has; what lies in none comes first, without a name.</param>
/// <param name="Summary">Counts over all of them.</param>
public sealed record ClusterSurvey(string Cluster, IReadOnlyList<SurveyedNamespace> Namespaces, ImportSummary Summary);

/// <summary>What a Namespace has.</summary>
/// <param name="Namespace">Its name; absent: objects that lie in none.</param>
/// <param name="Tenant">The tenant that an import would put it into: whose Namespace it is in this cluster, otherwise the one of the same name.</param>
/// <param name="Objects">Its objects, by their tenant, with the verdict that an import would give them.</param>
public sealed record SurveyedNamespace(string? Namespace, string? Tenant, IReadOnlyList<ImportedObject> Objects);

/// <summary>A request to send through a cluster's addresses, with the production Host.</summary>
public sealed record RouteProbeRequest
{
    /// <summary>Cluster; needed only if the route is in several.</summary>
    public string? Cluster { get; init; }

    /// <summary>Hostname; absent: the first one without wildcard that the route is served on.</summary>
    public string? Hostname { get; init; }

    /// <summary>Path and query; default <c>/</c>.</summary>
    public string? Path { get; init; }

    /// <summary>GET (default) or HEAD.</summary>
    public string? Method { get; init; }

    /// <summary>Whether to ask the address that DNS gives now as well, and to compare status, headers and body.</summary>
    public bool? Compare { get; init; }
}
