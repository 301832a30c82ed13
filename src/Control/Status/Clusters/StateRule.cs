using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>What the state of one object in a cluster means, and who must act.</summary>
internal static class StateRule
{
    // What must be seen first, first.
    private static readonly string[] ByWeight =
        [ObjectState.Foreign, ObjectState.Conflict, ObjectState.Failed, ObjectState.Held, ObjectState.Contested, ObjectState.Drifted, ObjectState.Pending];

    /// <summary>Null: it is as it should be.</summary>
    public static Verdict? Of(ClusterView view, ReportedObject target) => target.State switch
    {
        ObjectState.Applied => null,
        ObjectState.Pending => Verdict.Unknown(ObjectState.Pending, $"{Name(view, target)} is about to be written.{Said(target)}"),
        ObjectState.Failed => Verdict.False(ObjectState.Failed, $"{Name(view, target)} could not be written; the sync worker tries again. A platform admin must remove what stands in the way.{Said(target)}"),
        ObjectState.Foreign => Verdict.False(ObjectState.Foreign, $"{Name(view, target)} belongs to somebody else and is left alone. Its owner must delete it there, or you must give your object another name.{Said(target)}"),
        ObjectState.Conflict => Verdict.False(ObjectState.Conflict, $"Other field managers own fields of {Name(view, target)}, and they are not taken away: {Fields(view, target)}. Whoever runs {Managers(view, target)} must give these fields up.{Said(target)}"),
        ObjectState.Drifted => Verdict.False(ObjectState.Drifted, $"{Name(view, target)} was changed by others, which is shown and not repaired: {Fields(view, target)}. Undo that there, write the same here, or set annotation `{ObjectMarks.Drift}` to `repair`.{Said(target)}"),
        ObjectState.Contested => Verdict.False(ObjectState.Contested, $"{Name(view, target)} is changed again and again, and repaired less and less often: {Fields(view, target)}. Whoever runs {Managers(view, target)} must stop it, or you must leave the field to it.{Said(target)}"),
        ObjectState.Held => Verdict.False(ObjectState.Held, $"{Name(view, target)} is to be deleted, which is held because too much would go at once: a platform admin must confirm it, or correct what makes it go; the status of Cluster `{view.Cluster}` says more.{Said(target)}"),
        _ => Verdict.Unknown(ClusterText.Name(target.State), $"{Name(view, target)} is in a state that this version does not know.{Said(target)}"),
    };

    /// <summary>The worst of all objects; null: all are as they should be.</summary>
    public static Verdict? Worst(ClusterView view)
    {
        var found = view.Objects.Select(target => (Weight: WeightOf(target), Verdict: Of(view, target))).Where(found => found.Verdict is not null).OrderBy(found => found.Weight).ToList();
        if (found.Count == 0)
            return null;
        var worst = found[0].Verdict!;
        return found.Count == 1 ? worst : worst with { Message = $"{worst.Message} {found.Count - 1} more of its objects in cluster `{view.Cluster}` are not as they should be: see status.clusters." };
    }

    private static int WeightOf(ReportedObject target) => Array.IndexOf(ByWeight, target.State) is >= 0 and var weight ? weight : ByWeight.Length;

    private static string Name(ClusterView view, ReportedObject target) => $"{ClusterView.Describe(target)} in cluster `{view.Cluster}`";

    private static string Fields(ClusterView view, ReportedObject target)
    {
        const int shown = 5;
        if (view.IsGuestOf(target))
            return "the status of the Gateway itself says which fields, and by whom";
        if (target.Fields.Count == 0)
            return "which fields is not known";
        var fields = target.Fields.Take(shown).Select(field => $"`{ClusterText.Name(field.Path)}` (manager `{ClusterText.Name(field.Manager)}`)");
        return string.Join(", ", fields) + (target.Fields.Count > shown ? $" and {target.Fields.Count - shown} more" : "");
    }

    private static string Managers(ClusterView view, ReportedObject target)
    {
        var managers = view.IsGuestOf(target) ? [] : target.Fields.Select(field => ClusterText.Name(field.Manager)).Distinct().Take(3).Select(manager => $"`{manager}`").ToList();
        return managers.Count == 0 ? "the other manager" : string.Join(", ", managers);
    }

    private static string Said(ReportedObject target) => ClusterText.Line(target.Message) is { } message ? $" The sync worker says: {message}" : "";
}
