using System.Globalization;
using Gatehouse.Control.Clusters;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>What one controller's conditions about one thing in a cluster mean.</summary>
/// <param name="view">Cluster and moment.</param>
/// <param name="target">The object in the cluster that the conditions are part of.</param>
/// <param name="place">The thing, for people, such as <c>HTTPRoute `shop/web` at Gateway `infra/edge`</c>.</param>
/// <param name="subject">What it is.</param>
/// <param name="controller">Who speaks; null: that is not known.</param>
internal sealed class ConditionJudge(ClusterView view, ReportedObject target, string place, Subject subject, string? controller)
{
    /// <summary>How long a controller may take before its silence is told as such.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    // True is the bad news here (https://gateway-api.sigs.k8s.io/reference/spec/#listenerconditiontype).
    private static readonly string[] BadNews = ["Conflicted", "PartiallyInvalid"];

    private const string Overlap = "OverlappingTLSConfig";

    /// <summary>What is wrong; conditions that are missing count only if they are needed, and then as not known.</summary>
    public IEnumerable<Finding> Of(IReadOnlyList<ReportedCondition>? conditions, IReadOnlyList<string> needed, IReadOnlyList<string> counted, string? listener = null)
    {
        foreach (var type in needed.Concat(counted))
        {
            var condition = conditions?.FirstOrDefault(candidate => candidate.Type == type);
            if (condition is null && !needed.Contains(type))
                continue;
            if (condition is null)
                yield return new Finding("", Missing(type), listener);
            else if (Judge(condition) is { } verdict)
                yield return new Finding(IsCurrent(condition) ? type : "", verdict, listener);
        }
    }

    /// <summary>The explanation and what the controller says, for a condition that is shown as it is.</summary>
    public string Explain(ReportedCondition condition)
    {
        var reason = ClusterText.Name(condition.Reason);
        var explanation = ReasonExplanations.Find(subject, condition.Type, condition.Reason, condition.Message)?.ToString()
            ?? $"Gateway API does not define the reason `{reason}` of condition `{ClusterText.Name(condition.Type)}`: only the controller knows what it means.";
        if (view.IsGuestOf(target) && subject != Subject.Listener)
            return explanation;
        if (ClusterText.Line(condition.Message) is { } said)
            return $"{explanation} {Speaker} says: {said}";
        return IsGood(condition) ? explanation : $"{explanation} {Speaker} gives no details.";
    }

    /// <summary>Whether a condition speaks of the present generation. One that names none proves nothing about it; kinds without generations need no proof.</summary>
    public bool IsCurrent(ReportedCondition condition) => target.Generation is not { } generation || condition.ObservedGeneration >= generation;

    private string Speaker => controller is null
        ? $"The controller in cluster `{view.Cluster}`"
        : $"The controller `{ClusterText.Name(controller)}` of cluster `{view.Cluster}`";

    private string Place => $"{place} in cluster `{view.Cluster}`";

    private Verdict? Judge(ReportedCondition condition)
    {
        var isBadNews = BadNews.Contains(condition.Type);
        if ((isBadNews || condition.Type == Overlap) && condition.Status != "True")
            return null;
        if (!IsCurrent(condition))
            return condition.Type == Overlap ? null : Stale(condition);
        var message = $"{Place}: {Explain(condition)}";
        var reason = ReasonOf(condition);
        return (condition.Status, condition.Type) switch
        {
            ("True", Overlap) => Verdict.True(reason, message),
            ("True", _) => isBadNews ? Verdict.False(reason, message) : null,
            ("False", _) => Verdict.False(reason, message),
            _ => Verdict.Unknown(reason, message),
        };
    }

    private static bool IsGood(ReportedCondition condition) => condition.Status == (BadNews.Contains(condition.Type) ? "False" : "True");

    private static string ReasonOf(ReportedCondition condition) => ClusterText.Name(condition.Reason) is { Length: > 0 } reason ? reason : ClusterText.Name(condition.Type);

    private Verdict Stale(ReportedCondition condition)
    {
        var age = view.AgeOf(target);
        if (age < Patience)
            return Verdict.Unknown("Pending", $"{Place}: the controller has not looked at the present generation yet. {Speaker} speaks of an older one, or does not say of which.");
        if (condition.ObservedGeneration is null or 0)
        {
            return Verdict.Unknown(
                "GenerationNotObserved",
                $"{Place}: condition {condition.Type} does not say which generation it speaks of, so it proves nothing about the present one. Whoever runs the cluster must use a version of the controller that sets observedGeneration. {Explain(condition)}");
        }

        return Verdict.False(
            "ControllerStale",
            string.Create(CultureInfo.InvariantCulture, $"{Place}: the controller has not looked at this generation for {Ages.Show(age)}; its condition {condition.Type} speaks of generation {condition.ObservedGeneration} of {target.Generation}. Whoever runs the cluster must see whether {(controller is null ? "the controller" : $"the controller `{ClusterText.Name(controller)}`")} runs, and restart it if it hangs."));
    }

    private Verdict Missing(string type) => view.AgeOf(target) < Patience
        ? Verdict.Unknown("Pending", $"{Place}: the controller has not set condition {type} yet.")
        : Verdict.Unknown("NotReported", $"{Place}: the controller has not set condition {type}, so nobody knows whether that holds. Whoever runs the cluster must see whether {(controller is null ? "the controller" : $"the controller `{ClusterText.Name(controller)}`")} runs and supports this kind.");
}
