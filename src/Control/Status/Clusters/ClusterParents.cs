using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>What controllers of clusters say of a route or policy at each parent, in upstream's shape and, where that is clear, by the tenant's names.</summary>
internal static class ClusterParents
{
    private static readonly string[] BadNews = ["Conflicted", "PartiallyInvalid"];

    /// <summary>One entry for each parent and controller, over all clusters and shards.</summary>
    public static IEnumerable<RouteParentStatus> Of(IReadOnlyList<ClusterVerdicts> clusters, IReadOnlyList<ParentReference> own) =>
        from cluster in clusters
        let view = cluster.View
        from target in view.Objects
        where target.Kind == view.Compiled.Key.Kind
        from parent in target.Parents ?? []
        from condition in Conditions(view, target, parent)
        group condition by (Parent: Translate(parent.ParentRef, own), Controller: ClusterText.Name(parent.ControllerName)) into entry
        select new RouteParentStatus(entry.Key.Parent, entry.Key.Controller, [.. entry.GroupBy(condition => condition.Type).Select(Worst)]);

    private static IEnumerable<Condition> Conditions(ClusterView view, ReportedObject target, ReportedParent parent)
    {
        var judge = ControllerRule.JudgeOf(view, target, parent);
        foreach (var condition in parent.Conditions)
        {
            var status = condition.Status is "True" or "False" ? condition.Status : "Unknown";
            yield return new Condition(ClusterText.Name(condition.Type), status, ClusterText.Name(condition.Reason), judge.Explain(condition), Observed(view, judge.IsCurrent(condition)));
        }
    }

    // Readers compare it with the generation here, so what speaks of an older object there must speak of an older one here.
    private static long Observed(ClusterView view, bool isCurrent) =>
        Math.Max(0, Math.Min(view.Object?.Generation ?? 0, view.Compiled.Generation) - (isCurrent ? 0 : 1));

    private static Condition Worst(IEnumerable<Condition> conditions) => conditions.MaxBy(condition => condition.Status switch
    {
        "True" => BadNews.Contains(condition.Type) ? 2 : 0,
        "False" => BadNews.Contains(condition.Type) ? 0 : 2,
        _ => 1,
    })!;

    /// <summary>The parent as the tenant names it: there is one only, or it has the same name there; otherwise by the cluster's names.</summary>
    private static ParentReference Translate(ParentReference reported, IReadOnlyList<ParentReference> own)
    {
        if (own is [{ } only])
            return only;
        var same = own.Where(candidate => candidate.Name == reported.Name && Kind(candidate) == Kind(reported)
            && candidate.SectionName == reported.SectionName && candidate.Port == reported.Port).Take(2).ToList();
        return same is [{ } match] ? match : reported;
    }

    private static string Kind(ParentReference reference) => reference.Kind ?? ResourceKind.Gateway;
}
