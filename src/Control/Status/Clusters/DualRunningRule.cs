using Gatehouse.Control.Clusters;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>DualRunning: somebody else serves hostnames of the object in one of its clusters. It informs, and stands in the way of nothing.</summary>
internal static class DualRunningRule
{
    private const string Reason = "AlsoServed";
    private const int MostNamed = 3;

    /// <summary>Null: nobody else does, as far as is known.</summary>
    public static Verdict? Of(IEnumerable<ClusterView> views)
    {
        var clusters = views.Where(static view => view.Object is { Rivals.Count: > 0 }).Select(Describe).ToList();
        return clusters.Count == 0
            ? null
            : Verdict.True(Reason, string.Join(" ", clusters)
                + " Before DNS moves: make sure with a probe of the route that it answers alike here. After that: once no request comes to the other any more, its owner deletes it; if it is meant to stay, only one of the two may have the name.");
    }

    private static string Describe(ClusterView view)
    {
        var names = view.Object!.Rivals.GroupBy(static rival => rival.Hostname, StringComparer.Ordinal).ToList();
        var told = names.Take(MostNamed).Select(group => $"`{ClusterText.Name(group.Key)}` is also served by {string.Join(" and ", group.Take(MostNamed).Select(NameOf))}{More(group.Count())}");
        return $"In cluster `{view.Cluster}` {string.Join("; ", told)}{More(names.Count)}.";
    }

    private static string NameOf(ReportedRival rival) => rival is { Kind: { } kind, Name: { } name }
        ? ClusterView.Describe(kind, rival.Namespace, name)
        : "another object of the cluster";

    private static string More(int count) => count > MostNamed ? $" and {count - MostNamed} more" : "";
}
