using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of ListenerSets (https://gateway-api.sigs.k8s.io/reference/spec/#listenersetstatus) and Hostnames.</summary>
internal static class ListenerSetStatus
{
    /// <summary>Null: the Gateway is another controller's, so nothing is said.</summary>
    public static ResourceStatus? Of(SourceNode node, CompilerState state)
    {
        if (node is not { Resource: { } resource, Model: { IsForeign: false } model })
            return null;
        var generation = resource.Generation;
        var accepted = model.Problem ?? NothingUsable(node.Listeners) ?? ListenerStatuses.AcceptedOf(node.Listeners);
        var resolvedRefs = ListenerStatuses.ResolvedRefsOf(model.ResolvedRefs, node.Listeners);
        Condition[] conditions = [.. new[] { accepted, resolvedRefs, model.Verified, model.CertificateReady, UnsupportedFieldsOf(resource) }
            .OfType<Verdict>().Select(verdict => verdict.At(generation))];
        return new ResourceStatus
        {
            Key = node.Key,
            Generation = generation,
            Conditions = conditions,
            Listeners = node.Key.Kind == ResourceKind.ListenerSet ? [.. node.Listeners.Select(listener => ListenerStatuses.Of(listener, generation, state))] : null,
            Pools = ListenerStatuses.PoolsOf(node.Listeners),
            ListenerIds = ListenerStatuses.IdsOf(node.Listeners),
        };
    }

    private static Verdict? UnsupportedFieldsOf(Resource resource) =>
        resource is Resource<ListenerSetSpec> set ? ListenerStatuses.UnsupportedFieldsOf(set.Spec.Listeners) : null;

    // A Gateway is accepted whatever its references are; a ListenerSet without a usable listener is not, as upstream's suite asks.
    private static Verdict? NothingUsable(IReadOnlyList<ListenerState> listeners) =>
        ListenerStatuses.ProgrammedOf(listeners) is { } unusable ? Verdict.False(Reasons.Accepted, Reasons.ListenersNotValid, unusable.Message) : null;
}
