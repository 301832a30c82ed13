using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>The summary conditions of one object in one cluster.</summary>
internal sealed class ClusterVerdicts
{
    /// <summary>What the names of Hostnames' HTTPS listeners begin with in clusters.</summary>
    private const string HttpsListener = "https";

    private readonly IReadOnlyList<Finding> _findings;

    public ClusterVerdicts(ClusterView view)
    {
        View = view;
        Projected = ProjectedRule.Of(view);
        var knows = view.IsCurrent || view.Compiled.Key.Kind == ResourceKind.GatewayClass;
        _findings = knows && ReachRule.Problem(view) is null ? [.. ClassRule.Of(view), .. ControllerRule.Of(view)] : [];
        Programmed = WithoutFindings() ?? Worst(_findings) ?? Good(view, _findings);
        Live = Probed() ?? (Programmed.IsTrue ? Programmed with { Reason = "Reported" } : Programmed);
    }

    public ClusterView View { get; }

    public Verdict Projected { get; }

    /// <summary>Applied, and everything that controllers say of it is good at the present generation of the cluster's object.</summary>
    public Verdict Programmed { get; }

    /// <summary>Programmed, and no probe says otherwise.</summary>
    public Verdict Live { get; }

    /// <summary>What a controller refuses under a condition type of the whole object; null: nothing.</summary>
    public Verdict? Refusal(string type) =>
        _findings.FirstOrDefault(finding => finding.Type == type && finding.Listener is null && finding.Verdict.Status == "False")?.Verdict;

    /// <summary>What a controller says against the certificate of an HTTPS listener; null: nothing.</summary>
    public Verdict? LacksCertificate => _findings.FirstOrDefault(static finding =>
        finding is { Type: ConditionType.ResolvedRefs, Verdict.Status: "False" } && finding.Listener?.StartsWith(HttpsListener, StringComparison.Ordinal) == true)?.Verdict;

    /// <summary>What a controller says against a listener under a condition type; null: nothing.</summary>
    public Verdict? Refusal(string listener, string type) =>
        _findings.FirstOrDefault(finding => finding.Listener == listener && finding.Type == type && finding.Verdict.Status != "Unknown")?.Verdict;

    /// <summary>Programmed of one listener: what stands against the whole object counts, what stands against other listeners does not.</summary>
    public Verdict ListenerProgrammed(string listener) =>
        WithoutFindings() ?? Worst(_findings.Where(finding => finding.Listener is null || finding.Listener == listener)) ?? Good(View, []);

    // What is not known is not False: the cluster may serve on while its API server does not answer.
    private Verdict? WithoutFindings() => Projected.IsTrue
        ? null
        : Projected.Reason is ReachRule.Unreachable or ReachRule.Silent ? Projected with { Status = "Unknown" } : Projected;

    private static Verdict? Worst(IEnumerable<Finding> findings)
    {
        Verdict? unknown = null;
        foreach (var finding in findings)
        {
            if (finding.Verdict.Status == "False")
                return finding.Verdict;
            if (!finding.IsWarning)
                unknown ??= finding.Verdict;
        }

        return unknown;
    }

    private static Verdict Good(ClusterView view, IReadOnlyList<Finding> findings)
    {
        var warnings = string.Concat(findings.Where(finding => finding.IsWarning).Select(finding => " " + finding.Verdict.Message).Take(2));
        if (ClassRule.Find(view) is { } found)
            return Verdict.True(ConditionType.Programmed, $"Controller `{ClusterText.Name(found.ControllerName)}` serves GatewayClass `{ClusterText.Name(found.Name)}` in cluster `{view.Cluster}`.");
        return view.Objects.Any(target => target.Parents is not null || target.Conditions is not null)
            ? Verdict.True(ConditionType.Programmed, $"The controllers of cluster `{view.Cluster}` say of the present generation that all is well.{warnings}")
            : Verdict.True(ConditionType.Programmed, $"It is in cluster `{view.Cluster}`, where no controller has to say anything of it.");
    }

    private Verdict? Probed()
    {
        if (!Programmed.IsTrue || View.Object?.Probe is not { } probe || probe.Generation != View.Compiled.Generation)
            return null;
        var address = ClusterText.Name(probe.Address);
        var outcome = ClusterText.Line(probe.Message) is { } message ? $" The probe says: {message}" : "";
        return probe.Reached
            ? Verdict.True("Probed", $"A request through `{address}` of cluster `{View.Cluster}` reached a backend.{outcome}")
            : Verdict.False("ProbeFailed", $"The controllers of cluster `{View.Cluster}` say that all is well, but a request through `{address}` reached no backend{(probe.Status is { } status ? $" (HTTP {status})" : "")}. The backend's owner must see that it runs, or whoever runs the cluster that the address leads to its Gateway; then probe again.{outcome}");
    }
}
