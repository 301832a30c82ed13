using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>Everything that one object's status in one cluster is derived from, taken at one moment.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Compiled">What the compiler says.</param>
/// <param name="Report">What is known of the cluster; null: no worker has reported.</param>
/// <param name="Object">What is known of the object there; null: nothing.</param>
/// <param name="Now">The moment.</param>
internal sealed record ClusterView(string Cluster, ResourceStatus Compiled, ClusterReport? Report, ClusterObjectReport? Object, DateTimeOffset Now)
{
    /// <summary>Whether what is reported is about what is compiled: an object that was deleted and made again starts over at generation 1.</summary>
    public bool IsCurrent => Object?.Generation == Compiled.Generation;

    public IReadOnlyList<ReportedObject> Objects => Object?.Objects ?? [];

    /// <summary>Whether the object stands in the cluster within an object that others share, whose messages may name what is theirs.</summary>
    public bool IsGuestOf(ReportedObject target) => Compiled.Key.Kind == ResourceKind.Hostname && target.Kind == ResourceKind.Gateway;

    /// <summary>How long an object has stood in its present generation.</summary>
    public TimeSpan AgeOf(ReportedObject target) => target.Since is { } since ? Now - since : TimeSpan.MaxValue;

    /// <summary>The class that the cluster has under a name; null: none.</summary>
    public ReportedClass? ClassOf(string? name) => Report?.Classes.FirstOrDefault(candidate => candidate.Name == name);

    /// <summary><c>Kind `namespace/name`</c>.</summary>
    public static string Describe(ReportedObject target) => Describe(target.Kind, target.Namespace, target.Name);

    public static string Describe(string kind, string? ns, string name) =>
        $"{ClusterText.Name(kind)} `{(ns is null ? "" : ClusterText.Name(ns) + "/")}{ClusterText.Name(name)}`";
}
