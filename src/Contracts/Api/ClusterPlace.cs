namespace Gatehouse.Contracts.Api;

/// <summary>An object in one Kubernetes cluster, as the sync worker of that cluster last reported it.</summary>
public sealed record ClusterPlace
{
    /// <summary>Name of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>How the object stands there: <c>Projected</c>, <c>Approximated</c>, <c>Pending</c>, or the reason why it is not there as it should be.</summary>
    public required string State { get; init; }

    /// <summary>GatewayClasses: the controller that serves the class in the cluster.</summary>
    public string? ControllerName { get; init; }

    /// <summary>What the cluster cannot express of it; absent: nothing.</summary>
    public IReadOnlyList<ClusterProblem>? Problems { get; init; }

    /// <summary>What it became there.</summary>
    public required IReadOnlyList<ClusterObject> Objects { get; init; }

    /// <summary>Routes with external weights: what they are now.</summary>
    public IReadOnlyList<ClusterWeights>? Weights { get; init; }

    /// <summary>Hostnames and routes: what others serve under the same hostnames; absent: nothing is known of any.</summary>
    public IReadOnlyList<ClusterRival>? AlsoServedBy { get; init; }

    /// <summary>The last request through the cluster's addresses; absent: none at this generation.</summary>
    public ClusterProbe? Probe { get; init; }
}

/// <summary>Something that a cluster cannot express.</summary>
/// <param name="Refused">Whether the object is not there because of it.</param>
/// <param name="Reason">CamelCase reason.</param>
/// <param name="Message">What is missing, and who must act.</param>
public sealed record ClusterProblem(bool Refused, string Reason, string Message);

/// <summary>An object in a cluster.</summary>
public sealed record ClusterObject
{
    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Namespace in the cluster; absent: a kind of the whole cluster.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Applied, Pending, Failed, Foreign, Conflict, Drifted, Contested or Held.</summary>
    public required string State { get; init; }

    /// <summary>What the state means and what to do; absent: all is well.</summary>
    public string? Message { get; init; }

    /// <summary>Fields that others changed or claim.</summary>
    public IReadOnlyList<ClusterField>? Fields { get; init; }
}

/// <summary>A field that somebody else changed or claims.</summary>
/// <param name="Path">Path, such as <c>.spec.rules[0].backendRefs[0].weight</c>.</param>
/// <param name="Manager">Field manager, such as <c>kubectl-edit</c>.</param>
public sealed record ClusterField(string Path, string Manager);

/// <summary>Weights that another controller owns.</summary>
/// <param name="Object"><c>Kind namespace/name</c> of the route in the cluster.</param>
/// <param name="Rules">Weights by rule, in the order of backendRefs.</param>
public sealed record ClusterWeights(string Object, IReadOnlyList<IReadOnlyList<int>> Rules);

/// <summary>Somebody else's object that serves a hostname too.</summary>
/// <param name="Hostname">The hostname, or what the two have in common.</param>
/// <param name="Kind">Kind; absent with the name.</param>
/// <param name="Namespace">Namespace; absent with the name.</param>
/// <param name="Name">Name; absent: it lies outside of the tenant's Namespace.</param>
public sealed record ClusterRival(string Hostname, string? Kind, string? Namespace, string? Name);

/// <summary>A request through the addresses of a cluster.</summary>
public sealed record ClusterProbe
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether a backend answered.</summary>
    public required bool Reached { get; init; }

    /// <summary>Address that it was sent to.</summary>
    public required string Address { get; init; }

    /// <summary>HTTP status; absent: there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>What came of it.</summary>
    public required string Message { get; init; }
}
