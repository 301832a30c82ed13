using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of single listeners (https://gateway-api.sigs.k8s.io/reference/spec/#listenerstatus), and what they add up to.</summary>
internal static class ListenerStatuses
{
    public static ListenerStatus Of(ListenerState listener, long generation, CompilerState state) => new(
        listener.Model.Spec.Name,
        state.AttachedRoutes.GetValueOrDefault(listener.Model.Id),
        listener.Model.SupportedKinds,
        [
            AcceptedOf(listener).At(generation),
            (listener.Conflict ?? Verdict.NoConflicts).At(generation),
            listener.Model.ResolvedRefs.At(generation),
        ])
    {
        Port = listener.Model.Spec.Port,
    };

    /// <summary>
    /// Accepted of the object: "ListenersNotValid … used when one or more Listeners have an invalid or unsupported configuration"; True as
    /// long as one listener can serve (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayconditionreason).
    /// </summary>
    public static Verdict AcceptedOf(IReadOnlyList<ListenerState> listeners)
    {
        var broken = listeners.FirstOrDefault(static listener => !listener.Serves);
        if (broken is null)
            return Verdict.Accepted;
        var message = $"Listener `{broken.Model.Spec.Name}`: {(broken.Conflict ?? broken.Model.Accepted).Message}";
        return listeners.Any(listener => listener.Serves)
            ? Verdict.True(Reasons.Accepted, Reasons.ListenersNotValid, message)
            : Verdict.False(Reasons.Accepted, Reasons.ListenersNotValid, message);
    }

    /// <summary>ResolvedRefs of the object: its own references, then its listeners'.</summary>
    public static Verdict ResolvedRefsOf(Verdict own, IReadOnlyList<ListenerState> listeners) =>
        own.IsTrue && listeners.FirstOrDefault(listener => !listener.Model.ResolvedRefs.IsTrue) is { } broken
            ? Verdict.False(Reasons.ResolvedRefs, Reasons.ListenersNotResolved, $"Listener `{broken.Model.Spec.Name}`: {broken.Model.ResolvedRefs.Message}")
            : own;

    public static IReadOnlyList<string> PoolsOf(IReadOnlyList<ListenerState> listeners) =>
        DistinctNames.Sorted(ServingOf(listeners), static listener => listener.Pool);

    public static IReadOnlyList<string> IdsOf(IReadOnlyList<ListenerState> listeners) =>
        DistinctNames.Of(ServingOf(listeners), static listener => listener.Model.Id);

    private static IReadOnlyList<ListenerState> ServingOf(IReadOnlyList<ListenerState> listeners) =>
        listeners.All(static listener => listener.Serves) ? listeners : [.. listeners.Where(static listener => listener.Serves)];

    private static Verdict AcceptedOf(ListenerState listener) => listener.Conflict is { } conflict
        ? Verdict.False(Reasons.Accepted, conflict.Reason, conflict.Message)
        : listener.Model.Accepted;
}
