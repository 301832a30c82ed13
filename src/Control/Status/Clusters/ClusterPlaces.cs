using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>Writes what became of an object in each cluster.</summary>
internal static class ClusterPlaces
{
    /// <summary>Null: it concerns no cluster.</summary>
    public static List<ClusterPlace>? Of(IReadOnlyList<ClusterVerdicts> clusters) => clusters.Count == 0 ? null : [.. clusters.Select(Of)];

    private static ClusterPlace Of(ClusterVerdicts cluster)
    {
        var view = cluster.View;
        return new ClusterPlace
        {
            Cluster = view.Cluster,
            State = cluster.Projected.Reason,
            ControllerName = ClassRule.Find(view) is { } found ? ClusterText.Name(found.ControllerName) : null,
            Problems = view.Object?.Problems is { Count: > 0 } problems ? [.. problems.Select(Problem)] : null,
            Objects = [.. view.Objects.Select(target => Object(view, target))],
            Weights = WeightsOf(view),
            AlsoServedBy = view.Object is { Rivals: { Count: > 0 } rivals } ? [.. rivals.Select(Rival)] : null,
            Probe = view.Object?.Probe is { } probe && probe.Generation == view.Compiled.Generation ? Probe(probe) : null,
        };
    }

    private static ClusterProblem Problem(ReportedProblem problem) =>
        new(problem.IsRefused, ClusterText.Name(problem.Reason), ClusterText.Line(problem.Message) ?? "");

    private static ClusterObject Object(ClusterView view, ReportedObject target) => new()
    {
        Kind = ClusterText.Name(target.Kind),
        Namespace = target.Namespace is { } ns ? ClusterText.Name(ns) : null,
        Name = ClusterText.Name(target.Name),
        State = ClusterText.Name(target.State),
        Message = StateRule.Of(view, target)?.Message,
        Fields = target.Fields.Count == 0 || view.IsGuestOf(target)
            ? null
            : [.. target.Fields.Select(field => new ClusterField(ClusterText.Name(field.Path), ClusterText.Name(field.Manager)))],
    };

    private static List<ClusterWeights>? WeightsOf(ClusterView view)
    {
        var weights = view.Objects.Where(target => target.Weights is not null)
            .Select(target => new ClusterWeights($"{target.Kind} {(target.Namespace is null ? "" : target.Namespace + "/")}{target.Name}", target.Weights!)).ToList();
        return weights.Count == 0 ? null : weights;
    }

    private static ClusterRival Rival(ReportedRival rival) => new(
        ClusterText.Name(rival.Hostname),
        rival.Kind is { } kind ? ClusterText.Name(kind) : null,
        rival.Namespace is { } ns ? ClusterText.Name(ns) : null,
        rival.Name is { } name ? ClusterText.Name(name) : null);

    private static ClusterProbe Probe(ReportedProbe probe) => new()
    {
        At = probe.At,
        Reached = probe.Reached,
        Address = ClusterText.Name(probe.Address),
        Status = probe.Status,
        Message = ClusterText.Line(probe.Message) ?? "",
    };
}
