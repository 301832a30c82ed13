using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>GatewayClasses whose Gateways run in a cluster: what the class there is worth.</summary>
internal static class ClassRule
{
    /// <summary>The class of the cluster that stands for a stored one; null: it is none, or the cluster has none.</summary>
    public static ReportedClass? Find(ClusterView view) => NameOf(view) is { } name ? view.ClassOf(name) : null;

    /// <summary>What is not as it should be.</summary>
    public static IEnumerable<Finding> Of(ClusterView view)
    {
        if (NameOf(view) is not { } name)
            return [];
        if (Find(view) is { } found)
            return ControllerRule.OfClass(view, found);
        return [new Finding("Accepted", view.Report is { IsLoaded: true }
            ? Missing(view, name)
            : Verdict.Unknown("Pending", $"The sync worker of cluster `{view.Cluster}` has not read its GatewayClasses yet."))];
    }

    public static Verdict Missing(ClusterView view, string name) => Verdict.False(
        "ClassNotFound",
        $"Cluster `{view.Cluster}` has no GatewayClass `{ClusterText.Name(name)}`, so no controller serves its Gateways. Whoever runs the cluster must install the controller that brings it, or a platform admin must name another one in spec.target.gatewayClassName.");

    private static string? NameOf(ClusterView view) =>
        view.Compiled.Key.Kind == ResourceKind.GatewayClass ? view.Compiled.ClusterClass : null;
}
