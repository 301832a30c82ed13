using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>Projected: everything that the object becomes is in the cluster as it should be, at the object's generation.</summary>
internal static class ProjectedRule
{
    public const string Projected = "Projected";
    public const string Approximated = "Approximated";
    private const string Pending = "Pending";

    public static Verdict Of(ClusterView view)
    {
        if (ReachRule.Problem(view) is { } problem)
            return view.Object is null || view.IsCurrent ? Verdict.False(problem.Reason, problem.Message) : Verdict.Unknown(problem.Reason, problem.Message);
        if (view.Compiled.Key.Kind == ResourceKind.GatewayClass)
            return Verdict.True(Projected, $"Nothing of it is written: the GatewayClass of cluster `{view.Cluster}` stands for it.");
        if (view.Object is not { } report)
            return Verdict.Unknown(Pending, $"The sync worker of cluster `{view.Cluster}` has not come to it yet.{Loading(view)}");
        if (!view.IsCurrent)
            return Verdict.Unknown(Pending, $"The sync worker of cluster `{view.Cluster}` has not come to generation {view.Compiled.Generation} yet.{Loading(view)}");
        return Refused(view, report) ?? StateRule.Worst(view) ?? Complete(view, report);
    }

    private static string Loading(ClusterView view) => view.Report is { IsLoaded: false } ? " It is still reading what the cluster has." : "";

    private static Verdict? Refused(ClusterView view, ClusterObjectReport report)
    {
        // What only a write mends decides whether waiting makes sense.
        var refused = report.Problems.Where(problem => problem.IsRefused).OrderByDescending(problem => problem.OnlyAWriteMends).ToList();
        if (refused.Count == 0)
            return null;
        var more = refused.Count == 1 ? "" : $" {refused.Count - 1} more problems in cluster `{view.Cluster}`: see status.clusters.";
        return Verdict.False(ClusterText.Name(refused[0].Reason), Message(view, refused[0]) + more, refused[0].OnlyAWriteMends);
    }

    private static Verdict Complete(ClusterView view, ClusterObjectReport report)
    {
        if (report.Problems is { Count: > 0 } problems)
            return Verdict.True(Approximated, string.Join(" ", problems.Take(3).Select(problem => Message(view, problem))) + (problems.Count > 3 ? $" {problems.Count - 3} more: see status.clusters." : ""));
        if (report.Objects.Count == 0)
        {
            return NeedsObjects(view.Compiled.Key.Kind)
                ? Verdict.Unknown(Pending, $"Nothing of it is in cluster `{view.Cluster}` yet.")
                : Verdict.True(Projected, $"It takes effect in cluster `{view.Cluster}` through the objects that it concerns.");
        }

        return Verdict.True(Projected, report.Objects.Count == 1
            ? $"{ClusterView.Describe(report.Objects[0])} in cluster `{view.Cluster}` is as it should be."
            : $"All {report.Objects.Count} objects that it became in cluster `{view.Cluster}` are as they should be.");
    }

    private static string Message(ClusterView view, ReportedProblem problem) =>
        ClusterText.Line(problem.Message) ?? $"Cluster `{view.Cluster}` cannot express it: {ClusterText.Name(problem.Reason)}.";

    private static bool NeedsObjects(string kind) => kind
        is ResourceKind.Gateway or ResourceKind.ListenerSet or ResourceKind.Hostname
        or ResourceKind.HttpRoute or ResourceKind.GrpcRoute or ResourceKind.TlsRoute or ResourceKind.TcpRoute or ResourceKind.UdpRoute;
}
