using Gatehouse.Control.Status.Clusters;

namespace Gatehouse.Control.Status;

/// <summary>The derived summary conditions of an object: everything that serves it, data planes and clusters, must be good.</summary>
internal sealed class Summary
{
    public Summary(ObjectView view)
    {
        Clusters = new ClusterSummary(view.Clusters);
        DataPlanes = ProgrammedRule.Of(view);
        var live = LiveRule.Of(view, DataPlanes);
        Programmed = Together(view, DataPlanes, Clusters.Programmed);
        Live = Together(view, live, Clusters.Live);
        Healthy = view.HasDataPlanes || Clusters.IsEmpty || !live.IsTrue
            ? live
            : Verdict.Unknown("NotProbed", "Clusters do not tell whether endpoints are healthy: look at Live of the routes that send traffic to it.");
    }

    public ClusterSummary Clusters { get; }

    /// <summary>Programmed as far as compiler and data planes say.</summary>
    public Verdict DataPlanes { get; }

    public Verdict Programmed { get; }

    public Verdict Live { get; }

    /// <summary>Backends: what the data planes say of the endpoints.</summary>
    public Verdict Healthy { get; }

    /// <summary>Programmed of a listener.</summary>
    public Verdict OfListener(ObjectView view, Gateway.Status.ListenerStatus listener) =>
        Together(view, ListenerRule.Of(view, listener, DataPlanes), Clusters.ListenerProgrammed(listener.Name));

    // Without data planes that serve the object, theirs says only what the compiler refuses.
    private static Verdict Together(ObjectView view, Verdict dataPlanes, IEnumerable<Verdict> clusters) =>
        view.Clusters.Count == 0 ? dataPlanes : Verdict.Worst(view.HasDataPlanes || !dataPlanes.IsTrue ? clusters.Prepend(dataPlanes) : clusters, "Reported", "Probed");
}
