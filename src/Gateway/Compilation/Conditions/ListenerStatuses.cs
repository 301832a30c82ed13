using System.Globalization;
using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of single listeners (https://gateway-api.sigs.k8s.io/reference/spec/#listenerstatus), and what they add up to.</summary>
internal static class ListenerStatuses
{
    // "This is a negative polarity condition and MUST NOT be set when it is False."
    private static readonly Verdict Overlapping = Verdict.True(
        Reasons.OverlappingTlsConfig,
        Reasons.OverlappingHostnames,
        "Another listener on this port takes some of the same names: clients that reuse a connection for another name get 421 and connect anew.");

    public static ListenerStatus Of(ListenerState listener, long generation, CompilerState state) => new(
        listener.Model.Spec.Name,
        state.AttachedRoutes.GetValueOrDefault(listener.Model.Id),
        listener.Model.SupportedKinds,
        [.. VerdictsOf(listener).Select(verdict => verdict.At(generation))])
    {
        Port = listener.Model.Spec.Port,
    };

    private static IEnumerable<Verdict> VerdictsOf(ListenerState listener)
    {
        yield return AcceptedOf(listener);
        yield return listener.Conflict ?? Verdict.NoConflicts;
        yield return listener.Model.ResolvedRefs;
        // Else it is up to the data planes.
        if (listener.Serves && listener.Model.IsWithoutCertificate)
            yield return Verdict.False(Reasons.Programmed, Reasons.Invalid, $"No certificate can be used, so handshakes are refused: {listener.Model.ResolvedRefs.Message}");
        if (listener.Serves && listener.Overlaps)
            yield return Overlapping;
    }

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

    /// <summary>Programmed=False of an object whose listeners serve nothing; null: it is up to the data planes.</summary>
    public static Verdict? ProgrammedOf(IReadOnlyList<ListenerState> listeners) =>
        listeners.Any(static listener => listener.Serves) && !listeners.Any(static listener => listener.IsProgrammed)
            ? Verdict.False(Reasons.Programmed, Reasons.Invalid, $"No listener can be used: {listeners.First(static listener => listener.Serves).Model.ResolvedRefs.Message}")
            : null;

    /// <summary>UnsupportedFields=True of an object whose listeners have TLS options, of which no data plane knows any; null: none has.</summary>
    public static Verdict? UnsupportedFieldsOf(IReadOnlyList<Listener> listeners)
    {
        var fields = listeners.Select((listener, index) => (listener, index)).Where(item => item.listener.Tls?.Options is { Count: > 0 })
            .Select(item => string.Create(CultureInfo.InvariantCulture, $"listeners[{item.index}].tls.options")).ToArray();
        return fields.Length == 0
            ? null
            : Verdict.True(Reasons.UnsupportedFields, Reasons.NotSupported, $"Stored, but the data plane does not act on {string.Join(", ", fields)}.");
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
        ? Verdict.False(Reasons.Accepted, listener.Model.Source.Kind == ResourceKind.Gateway ? Reasons.Invalid : conflict.Reason, conflict.Message)
        : listener.Model.Accepted;
}
