using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>What follows from all clusters that an object is in.</summary>
internal sealed class ClusterSummary
{
    private const string Conflicted = "Conflicted";
    private const string Overlap = "OverlappingTLSConfig";

    // Conditions of listeners that a cluster can speak against; Programmed is derived.
    private static readonly string[] OfListeners = [ConditionType.Accepted, Conflicted, ConditionType.ResolvedRefs, Overlap];

    private readonly List<ClusterVerdicts> _clusters;

    public ClusterSummary(IEnumerable<ClusterView> views) => _clusters = [.. views.Select(view => new ClusterVerdicts(view))];

    public IReadOnlyList<ClusterVerdicts> Clusters => _clusters;

    public bool IsEmpty => _clusters.Count == 0;

    public IEnumerable<Verdict> Programmed => _clusters.Select(cluster => cluster.Programmed);

    public IEnumerable<Verdict> Live => _clusters.Select(cluster => cluster.Live);

    /// <summary>Projected over all clusters; null: the object concerns none.</summary>
    public Verdict? Projected => IsEmpty ? null : Verdict.Worst(_clusters.Select(cluster => cluster.Projected), ProjectedRule.Approximated);

    /// <summary>Who else serves its hostnames; null: nobody that is known.</summary>
    public Verdict? DualRunning => DualRunningRule.Of(_clusters.Select(static cluster => cluster.View));

    /// <summary>A condition of the compiler, unless a controller refuses at the present generation what the compiler lets pass.</summary>
    public Condition Over(Condition compiled) => compiled.IsTrue && _clusters.Select(cluster => cluster.Refusal(compiled.Type)).FirstOrDefault(refusal => refusal is not null) is { } refused
        ? refused.As(compiled.Type, compiled.ObservedGeneration)
        : compiled;

    /// <summary>CertificateReady of the compiler; where clusters issue certificates themselves, it is theirs to say.</summary>
    public Condition OverCertificate(Condition compiled)
    {
        if (compiled is not { Type: ConditionType.CertificateReady, Reason: ConditionReason.IssuedInCluster })
            return compiled;
        if (_clusters.FirstOrDefault(static cluster => cluster.LacksCertificate is not null) is { } lacking)
        {
            return Verdict.False("NotIssuedYet",
                $"cert-manager of cluster `{lacking.View.Cluster}` has not issued it: whoever runs the cluster looks at the Certificate that cert-manager made (kubectl describe certificate). The controller says: {lacking.LacksCertificate!.Message}")
                .As(compiled.Type, compiled.ObservedGeneration);
        }
        return Programmed.FirstOrDefault(static verdict => !verdict.IsTrue) is { } unknown
            ? Verdict.Unknown(unknown.Reason, $"Whether cert-manager has issued it is not known: {unknown.Message}").As(compiled.Type, compiled.ObservedGeneration)
            : compiled;
    }

    /// <summary>The compiler's conditions of a listener, and what clusters say against it.</summary>
    public IEnumerable<Condition> Over(string listener, IReadOnlyList<Condition> compiled, long generation)
    {
        foreach (var condition in compiled)
        {
            if (RefusalOf(listener, condition.Type, generation) is { } refused && IsGood(condition))
                yield return refused;
            else
                yield return condition;
        }

        foreach (var type in OfListeners.Where(type => compiled.All(condition => condition.Type != type)))
        {
            if (RefusalOf(listener, type, generation) is { } refused)
                yield return refused;
        }
    }

    /// <summary>Programmed of a listener in all clusters.</summary>
    public IEnumerable<Verdict> ListenerProgrammed(string listener) => _clusters.Select(cluster => cluster.ListenerProgrammed(listener));

    /// <summary>Routes that clusters say are attached to a listener, over all shards; null: no cluster reports the listener.</summary>
    public int? AttachedRoutes(string listener)
    {
        var found = Listeners.Where(candidate => candidate.Name == listener).ToList();
        return found.Count == 0 ? null : found.Sum(candidate => candidate.AttachedRoutes);
    }

    /// <summary>Addresses that clusters gave; null: they have given none, and the object is in none that could.</summary>
    public List<StatusAddress>? Addresses(ResourceKey key) => IsEmpty || key.Kind is not (ResourceKind.Gateway or ResourceKind.Hostname)
        ? null
        : [.. _clusters.SelectMany(cluster => cluster.View.Objects).SelectMany(target => target.Addresses ?? [])
            .Select(address => new StatusAddress(ClusterText.Name(address.Type ?? "IPAddress"), ClusterText.Name(address.Value)))
            .Distinct().OrderBy(address => address.Type, StringComparer.Ordinal).ThenBy(address => address.Value, StringComparer.Ordinal)];

    /// <summary>Features that the clusters' controllers claim for a GatewayClass.</summary>
    public List<SupportedFeature>? SupportedFeatures => _clusters
        .Select(cluster => ClassRule.Find(cluster.View)?.SupportedFeatures).FirstOrDefault(features => features is not null)?
        .Select(name => new SupportedFeature(ClusterText.Name(name))).OrderBy(feature => feature.Name, StringComparer.Ordinal).ToList();

    private IEnumerable<ReportedListener> Listeners =>
        _clusters.SelectMany(cluster => cluster.View.Objects).SelectMany(target => target.Listeners ?? []);

    private static bool IsGood(Condition condition) => condition.Type is Conflicted or Overlap ? condition.Status != "True" : condition.IsTrue;

    private Condition? RefusalOf(string listener, string type, long generation)
    {
        var refused = _clusters.Select(cluster => cluster.Refusal(listener, type)).FirstOrDefault(refusal => refusal is not null)?.As(type, generation);

        // A conflict is told as such: True.
        return refused is null || type != Conflicted ? refused : refused with { Status = "True" };
    }
}
