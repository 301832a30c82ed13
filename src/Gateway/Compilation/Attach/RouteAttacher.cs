using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Attach;

/// <summary>
/// Attaches a route to the listeners of one parent (https://gateway-api.sigs.k8s.io/reference/spec/#parentreference): those that
/// sectionName and port select, whose allowedRoutes admit it, and with whose hostname it has names in common.
/// </summary>
/// <param name="route">The route.</param>
/// <param name="hostnames">Its hostnames; <see cref="HostnameSet.Any"/> if it has none.</param>
/// <param name="reads">What it may read.</param>
internal sealed class RouteAttacher(ResourceKey route, IReadOnlyList<string> hostnames, Reads reads)
{
    /// <summary>How the route stands with a parent; null: the parent is not ours, so no entry is written.</summary>
    public ParentAttachment? Attach(ParentReference reference, SourceNode? parent)
    {
        var foreignTenant = (reference.Namespace ?? route.Tenant) != route.Tenant;
        if (parent?.Model is { IsForeign: true })
            return null;
        var admitting = Admitting(parent);
        // Another tenant's parent that admits nothing of ours and one that does not exist look the same from here.
        if (foreignTenant && admitting.Count == 0)
            return Refuse(reference, Reasons.NotAllowedByListeners, $"No listener of {Name(reference)} in tenant `{reference.Namespace}` admits {route.Kind} of tenant `{route.Tenant}`: its allowedRoutes must say so.");
        if (parent?.Model is null)
            return Refuse(reference, Reasons.NoMatchingParent, $"Tenant `{route.Tenant}` has no {Name(reference)}.");
        if (parent is { Key.Kind: ResourceKind.Gateway, Model: { Problem: not null, Listeners.Count: 0 } })
            return null;
        if (parent.Model is { Problem: { } problem, Listeners.Count: 0 })
            return Refuse(reference, Reasons.NoMatchingParent, $"{Name(reference)} has no listeners: {problem.Message}");
        if (!parent.Listeners.Any(listener => IsSelected(reference, listener)))
            return Refuse(reference, Reasons.NoMatchingParent, $"No listener of {Name(reference)} has {Selection(reference)}.");
        admitting.RemoveAll(listener => !IsSelected(reference, listener));
        return admitting.Count == 0
            ? Refuse(reference, Reasons.NotAllowedByListeners, $"No listener of {Name(reference)} that is meant admits {route.Kind} of tenant `{route.Tenant}`: see its allowedRoutes.")
            : AttachTo(reference, admitting);
    }

    private ParentAttachment AttachTo(ParentReference reference, IReadOnlyList<ListenerState> listeners)
    {
        var hosts = new List<HostKey>();
        var serving = new List<ServingListener>();
        var attached = new List<string>();
        var refusals = new List<string>();
        var intersects = false;
        foreach (var listener in listeners)
        {
            var before = hosts.Count;
            var granted = false;
            foreach (var hostname in hostnames)
            {
                if (HostnameSet.Intersect(listener.Model.Hostname, hostname) is not { } common)
                    continue;
                intersects = true;
                if (!IsGranted(listener.Model, common, refusals))
                    continue;
                granted = true;
                if (listener.Serves)
                    hosts.Add(new HostKey(listener.Pool, listener.Model.Id, common));
            }
            if (hosts.Count > before)
                serving.Add(new ServingListener(listener.Model.Id, listener.Pool, listener.Model.Gateway.Key));
            if (granted)
                attached.Add(listener.Model.Id);
            if (granted && hosts.Count == before)
                refusals.Add($"Listener `{listener.Model.Spec.Name}` of {Name(reference)} does not serve: {(listener.Conflict ?? listener.Model.Accepted).Message}");
        }
        if (hosts.Count > 0)
            return new ParentAttachment(reference, AcceptedWith(refusals), hosts.ToArray(), serving.ToArray(), attached.ToArray());
        if (attached.Count > 0)
            return Refuse(reference, Reasons.NoMatchingParent, refusals[0]);
        return intersects
            ? Refuse(reference, Reasons.NoMatchingListenerHostname, Join(refusals))
            : Refuse(reference, Reasons.NoMatchingListenerHostname, $"No hostname of the route is one that the listeners of {Name(reference)} take.");
    }

    private static Verdict AcceptedWith(List<string> refusals) =>
        refusals.Count == 0 ? Verdict.Accepted : Verdict.True(Reasons.Accepted, Reasons.Accepted, $"Accepted, but not everywhere: {Join(refusals)}");

    private static string Join(List<string> refusals) => string.Join("; ", refusals.Distinct());

    // A listener of the route's own tenant was granted its hostname already; a narrower name may be somebody else's.
    private bool IsGranted(ListenerModel listener, string hostname, List<string> refusals)
    {
        // Streams without names belong to whoever owns the port; its allowedRoutes have admitted the route.
        if (listener.Protocol is ListenerProtocol.Tcp or ListenerProtocol.Udp)
            return true;
        if (!listener.Gateway.Shared || (listener.Tenant == route.Tenant && listener.Hostname == hostname && hostname != HostnameSet.Any))
            return true;
        if (reads.RefuseHostname(hostname, route.Tenant) is not { } refusal)
            return true;
        refusals.Add(refusal);
        return false;
    }

    private List<ListenerState> Admitting(SourceNode? parent)
    {
        var admitting = new List<ListenerState>();
        foreach (var listener in parent?.Listeners ?? [])
        {
            if (Admits(listener))
                admitting.Add(listener);
        }
        return admitting;
    }

    private static string Name(ParentReference reference) => $"{reference.Kind ?? ResourceKind.Gateway} `{reference.Name}`";

    private bool Admits(ListenerState listener) =>
        listener.Model.SupportedKinds.Any(kind => kind.Kind == route.Kind)
        && LabelSelection.Admits(listener.Model.Spec.AllowedRoutes?.Namespaces, "Same", listener.Model.Tenant, route.Tenant, reads.Tenant);

    private static bool IsSelected(ParentReference reference, ListenerState listener) =>
        (string.IsNullOrEmpty(reference.SectionName) || reference.SectionName == listener.Model.Spec.Name)
        && (reference.Port is null || reference.Port == listener.Model.Spec.Port);

    private static string Selection(ParentReference reference) => (reference.SectionName, reference.Port) switch
    {
        ({ } name, { } port) => $"name `{name}` and port {port}",
        ({ } name, null) => $"name `{name}`",
        _ => $"port {reference.Port}",
    };

    private static ParentAttachment Refuse(ParentReference reference, string reason, string message) =>
        new(reference, Verdict.False(Reasons.Accepted, reason, message), [], [], []);
}
