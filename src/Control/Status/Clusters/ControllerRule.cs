using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>What the controllers of a cluster say of the objects that a stored object became there.</summary>
internal static class ControllerRule
{
    private const string NoController = "NoController";

    /// <summary>How long an object may stand unclaimed before that is told as such.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private static readonly string[] Accepted = ["Accepted"];
    private static readonly string[] AcceptedAndProgrammed = ["Accepted", "Programmed"];
    private static readonly string[] AcceptedAndResolved = ["Accepted", "ResolvedRefs"];
    private static readonly string[] Resolved = ["ResolvedRefs"];
    private static readonly string[] Partial = ["PartiallyInvalid"];
    private static readonly string[] OfListeners = ["Accepted", "Conflicted", "ResolvedRefs", "Programmed", "OverlappingTLSConfig"];

    /// <summary>What is not as it should be.</summary>
    public static IEnumerable<Finding> Of(ClusterView view) => view.Objects.SelectMany(target => Of(view, target));

    /// <summary>The judge of what a controller says of a route or policy at one parent.</summary>
    public static ConditionJudge JudgeOf(ClusterView view, ReportedObject target, ReportedParent parent) => new(
        view, target, $"{ClusterView.Describe(target)} at {Describe(parent.ParentRef, target)}", IsRoute(target.Kind) ? Subject.Route : Subject.Policy, parent.ControllerName);

    /// <summary>What the cluster's class of a GatewayClass lacks.</summary>
    public static IEnumerable<Finding> OfClass(ClusterView view, ReportedClass found) =>
        ClassJudge(view, found).Of(found.Conditions, Accepted, []);

    private static IEnumerable<Finding> Of(ClusterView view, ReportedObject target) => target.Kind switch
    {
        ResourceKind.Gateway => OfGateway(view, target),
        ResourceKind.ListenerSet => OfListenerSet(view, target),
        ResourceKind.BackendTlsPolicy => OfParents(view, target, Accepted, Resolved),
        _ when IsRoute(target.Kind) => OfParents(view, target, AcceptedAndResolved, Partial),
        _ => [],
    };

    private static bool IsRoute(string kind) => kind.EndsWith("Route", StringComparison.Ordinal);

    private static IEnumerable<Finding> OfGateway(ClusterView view, ReportedObject target)
    {
        var known = view.ClassOf(target.ClassName);
        if (target.ClassName is { } name && known is null && view.Report is { IsLoaded: true })
            return [new Finding("Accepted", ClassRule.Missing(view, name))];
        if (known is not null && OfClass(view, known).ToList() is { Count: > 0 } refused)
            return refused;
        if (IsUntouched(target))
            return [Unclaimed(view, target, "Gateway", $"whoever runs the cluster must see that a controller for its GatewayClass{(target.ClassName is null ? "" : $" `{ClusterText.Name(target.ClassName)}`")} runs there")];
        var controller = known?.ControllerName ?? (view.Report?.Classes is [{ } only] ? only.ControllerName : null);
        return new ConditionJudge(view, target, ClusterView.Describe(target), Subject.Gateway, controller)
            .Of(target.Conditions, AcceptedAndProgrammed, Resolved).Concat(OfItsListeners(view, target, controller));
    }

    private static IEnumerable<Finding> OfListenerSet(ClusterView view, ReportedObject target) => IsUntouched(target)
        ? [Unclaimed(view, target, "ListenerSet", "whoever runs the cluster must see that the controller of its Gateway runs there and supports ListenerSets")]
        : new ConditionJudge(view, target, ClusterView.Describe(target), Subject.ListenerSet, null)
            .Of(target.Conditions, AcceptedAndProgrammed, []).Concat(OfItsListeners(view, target, null));

    // What a controller leaves out of a listener, its Gateway's conditions say.
    private static IEnumerable<Finding> OfItsListeners(ClusterView view, ReportedObject target, string? controller) =>
        (target.Listeners ?? []).SelectMany(listener =>
            new ConditionJudge(view, target, $"Listener `{ClusterText.Name(listener.Name)}` of {ClusterView.Describe(target)}", Subject.Listener, controller)
                .Of(listener.Conditions, [], OfListeners, listener.Name));

    private static IEnumerable<Finding> OfParents(ClusterView view, ReportedObject target, IReadOnlyList<string> needed, IReadOnlyList<string> counted)
    {
        var what = IsRoute(target.Kind) ? "route" : "policy";
        if (target.Parents is not { Count: > 0 } parents)
            return [Unclaimed(view, target, what, IsRoute(target.Kind)
                ? "whoever runs the cluster must see that the controller of the Gateway that it attaches to runs there and supports this kind"
                : "whoever runs the cluster must see that the controller there supports this kind; until then it is not applied")];
        var silent = (target.ParentRefs ?? []).FirstOrDefault(reference => !parents.Any(parent => IsSame(parent.ParentRef, reference, target)));
        var findings = parents.SelectMany(parent => JudgeOf(view, target, parent).Of(parent.Conditions, needed, counted));
        return silent is null ? findings : findings.Append(Unclaimed(view, target, what, "whoever runs the cluster must see that the controller of that Gateway runs there", $" at {Describe(silent, target)}"));
    }

    private static Finding Unclaimed(ClusterView view, ReportedObject target, string what, string nextStep, string at = "")
    {
        var age = view.AgeOf(target);
        var place = $"{ClusterView.Describe(target)}{at} in cluster `{view.Cluster}`";
        return new Finding("", age < Grace
            ? Verdict.Unknown("Pending", $"{place} waits for a controller to claim it.")
            : Verdict.False(NoController, $"No controller has claimed this {what}{at}: no controller has said a word about {place} for {Ages.Show(age)}. Next step: {nextStep}."));
    }

    /// <summary>The CRDs' defaults say that conditions are Unknown; a controller would name the generation.</summary>
    private static bool IsUntouched(ReportedObject target) =>
        (target.Conditions ?? []).All(condition => condition is { Status: "Unknown", ObservedGeneration: null or 0 });

    private static bool IsSame(ParentReference left, ParentReference right, ReportedObject target) =>
        left.Name == right.Name && KindOf(left) == KindOf(right) && (left.Namespace ?? target.Namespace) == (right.Namespace ?? target.Namespace)
        && left.SectionName == right.SectionName && left.Port == right.Port;

    private static string KindOf(ParentReference reference) => reference.Kind ?? ResourceKind.Gateway;

    private static string Describe(ParentReference reference, ReportedObject target)
    {
        var parent = ClusterView.Describe(KindOf(reference), reference.Namespace ?? target.Namespace, reference.Name);
        return reference.SectionName is { } section ? $"{parent} (listener `{ClusterText.Name(section)}`)" : parent;
    }

    private static ConditionJudge ClassJudge(ClusterView view, ReportedClass found)
    {
        var target = new ReportedObject { Kind = ResourceKind.GatewayClass, Name = found.Name, State = ObjectState.Applied };
        return new ConditionJudge(view, target, ClusterView.Describe(target), Subject.GatewayClass, found.ControllerName);
    }
}
